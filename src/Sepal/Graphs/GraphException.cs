namespace Sepal.Graphs;

/// <summary>A graph that cannot be: a cycle, a missing input, a name used twice, shapes that do not fit.</summary>
public class GraphException : SepalException
{
    /// <summary>Creates an error with no message of its own.</summary>
    public GraphException()
    {
    }

    /// <summary>Creates an error with a message.</summary>
    /// <param name="message">The node, what was received, what was expected, and the fix.</param>
    public GraphException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and the error that caused it.</summary>
    /// <param name="message">The node, what was received, what was expected, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public GraphException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
