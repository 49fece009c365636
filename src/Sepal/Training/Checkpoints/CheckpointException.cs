namespace Sepal.Training.Checkpoints;

/// <summary>A checkpoint that cannot be written or read, or that belongs to another run.</summary>
public sealed class CheckpointException : TrainingException
{
    /// <summary>Creates an error with no message of its own.</summary>
    public CheckpointException()
    {
    }

    /// <summary>Creates an error with a message.</summary>
    /// <param name="message">Which checkpoint, what is wrong with it, and the fix.</param>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and the error that caused it.</summary>
    /// <param name="message">Which checkpoint, what is wrong with it, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
