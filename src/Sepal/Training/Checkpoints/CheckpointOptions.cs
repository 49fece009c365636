using Sepal.Onnx;

namespace Sepal.Training.Checkpoints;

/// <summary>
/// Where and how often a fit writes down all that it needs to go on: the model, the optimizer's state, and where it stands. A
/// checkpoint is a directory <c>step-…</c> of <c>model.onnx</c> (the model as validation sees it), <c>state.safetensors</c>
/// (weights, optimizer state, averages), <c>checkpoint.json</c> (epoch, position, history, settings) and <c>SHA256SUMS</c>.
/// It is written under another name, flushed to disk and then renamed, so that a process that ends at any moment leaves the
/// last good one.
/// </summary>
public sealed class CheckpointOptions
{
    /// <summary>The directory of this run's checkpoints; created where it does not exist. One run, one directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Steps between two checkpoints within an epoch; only one after each epoch and its validation where not given.</summary>
    public int? EverySteps { get; init; }

    /// <summary>How many of the last checkpoints are kept, at least 2: where the newest is damaged, the one before it serves.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>What is added to <c>model.onnx</c>: how images are prepared, what the classes are called.</summary>
    public OnnxExportOptions? Export { get; init; }

    /// <summary>Makes a file; a test puts a full disk in its place.</summary>
    internal Func<string, Stream> CreateFile { get; init; } =
        path => new FileStream(path, FileMode.CreateNew, FileAccess.Write);

    /// <summary>Refuses settings that make no sense.</summary>
    internal void RequireRanges()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            throw new CheckpointException("The directory of the checkpoints is empty. Give a path.");
        }

        if (EverySteps < 1)
        {
            throw new CheckpointException($"EverySteps is {EverySteps}. Give at least 1, or leave it out for a checkpoint every epoch.");
        }

        if (Keep < 2)
        {
            throw new CheckpointException($"Keep is {Keep}. Give at least 2: where the newest checkpoint is damaged, the one before it serves.");
        }
    }
}
