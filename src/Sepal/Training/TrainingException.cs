namespace Sepal.Training;

/// <summary>Training that cannot start or go on: a loss that is not a number, targets that do not fit the loss.</summary>
public class TrainingException : SepalException
{
    /// <summary>Creates an error with no message of its own.</summary>
    public TrainingException()
    {
    }

    /// <summary>Creates an error with a message.</summary>
    /// <param name="message">What happened, at which step, and the fix.</param>
    public TrainingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and the error that caused it.</summary>
    /// <param name="message">What happened, at which step, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
