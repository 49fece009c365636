
namespace Sepal.Onnx;

/// <summary>A file has nodes that Sepal cannot read; the message lists all of them.</summary>
public class UnsupportedOperatorException : SepalException
{
    /// <summary>Creates an error with no message of its own.</summary>
    public UnsupportedOperatorException()
    {
    }

    /// <summary>Creates an error with a message.</summary>
    /// <param name="message">Every unsupported node: its name, operator, domain and operator-set version.</param>
    public UnsupportedOperatorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and the error that caused it.</summary>
    /// <param name="message">Every unsupported node: its name, operator, domain and operator-set version.</param>
    /// <param name="innerException">The cause.</param>
    public UnsupportedOperatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
