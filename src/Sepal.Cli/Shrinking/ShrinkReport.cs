using System.Collections.Immutable;

namespace Sepal.Cli.Shrinking;

/// <summary>What <c>sepal shrink</c> did, as its JSON holds it.</summary>
internal sealed record ShrinkReport
{
    /// <summary>The file that was shrunk.</summary>
    public required string Model { get; init; }

    /// <summary>The file that was written.</summary>
    public required string Output { get; init; }

    /// <summary>The directory of images.</summary>
    public required string Data { get; init; }

    /// <summary><c>accuracy</c>, <c>agreement</c> or <c>fidelity</c>: what the quality is.</summary>
    public required string Quality { get; init; }

    /// <summary>Images that layers were corrected on and that the network was fine-tuned on.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>Images that the choice was made by.</summary>
    public required int SearchImages { get; init; }

    /// <summary>Images that nothing was chosen by.</summary>
    public required int HeldOutImages { get; init; }

    /// <summary>The network as it was given.</summary>
    public required FileFigures Original { get; init; }

    /// <summary>The network as it was written.</summary>
    public required FileFigures Shrunk { get; init; }

    /// <summary>How many times as fast it has become, measured by turns.</summary>
    public required double SpeedUp { get; init; }

    /// <summary>How much quality was lost on the images that nothing was chosen by; 0.01 is one point.</summary>
    public required double QualityDrop { get; init; }

    /// <summary>How much was lost on the images that the choice was made by.</summary>
    public required double SearchQualityDrop { get; init; }

    /// <summary>The quality after every step.</summary>
    public required ImmutableArray<StageRow> Stages { get; init; }

    /// <summary>Every convolution.</summary>
    public required ImmutableArray<ShrunkLayerRow> Layers { get; init; }

    /// <summary>The networks that were made and measured on the way.</summary>
    public required ImmutableArray<NetworkRow> Networks { get; init; }

    /// <summary>What was asked for.</summary>
    public required ShrinkSettings Settings { get; init; }

    /// <summary>Pictures that could not be used.</summary>
    public required int Skipped { get; init; }

    /// <summary>Seconds that all of it took.</summary>
    public required double Seconds { get; init; }
}

/// <summary>What was asked for.</summary>
/// <param name="MaxAccuracyDrop">The drop of quality that is let pass; null for none asked for.</param>
/// <param name="MaxMacs">The most MACs; null for none asked for.</param>
/// <param name="MaxParams">The most parameters; null for none asked for.</param>
/// <param name="SpeedUp">How many times as fast; null for none asked for.</param>
/// <param name="Images">Images that candidates are corrected and measured on.</param>
/// <param name="FinetuneEpochs">Epochs of fine-tuning.</param>
/// <param name="Prune">The share of the channels to prune; 0 for none.</param>
/// <param name="Forms">The forms that a layer may take.</param>
/// <param name="Batch">Images in a timed run.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Seed">What all choices at random follow from.</param>
internal sealed record ShrinkSettings(
    double? MaxAccuracyDrop,
    long? MaxMacs,
    long? MaxParams,
    double? SpeedUp,
    int Images,
    int FinetuneEpochs,
    double Prune,
    ImmutableArray<string> Forms,
    int Batch,
    int Threads,
    ulong Seed);

/// <summary>What a network costs.</summary>
/// <param name="Macs">MACs for one image.</param>
/// <param name="Parameters">Parameters, trainable or not.</param>
/// <param name="Milliseconds">Of a run, measured.</param>
/// <param name="FileBytes">The size of its file.</param>
internal sealed record FileFigures(long Macs, long Parameters, double Milliseconds, long FileBytes);

/// <summary>The quality after a step.</summary>
/// <param name="Stage">The step.</param>
/// <param name="Search">On the images that the choice was made by.</param>
/// <param name="HeldOut">On images that nothing was chosen by.</param>
internal sealed record StageRow(string Stage, double Search, double HeldOut);

/// <summary>A convolution.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Replaced">Whether it was replaced.</param>
/// <param name="Reason">Why it was kept, or replaced by just this.</param>
/// <param name="Form">The form that it was replaced by; null where it was kept.</param>
/// <param name="Rank">How many separable convolutions add up to it; 0 where it was kept.</param>
/// <param name="ReconstructionError">‖kernel − its approximation‖ / ‖kernel‖, before correction.</param>
/// <param name="QualityDrop">How much the quality fell when this layer alone was replaced.</param>
/// <param name="MacsBefore">MACs for one image, in the original.</param>
/// <param name="MacsAfter">MACs of what stands for it.</param>
/// <param name="ParametersBefore">Parameters, trainable or not, in the original.</param>
/// <param name="ParametersAfter">Those of what stands for it.</param>
/// <param name="MillisecondsBefore">Measured alone; null where no time was taken.</param>
/// <param name="MillisecondsAfter">That of what stands for it.</param>
internal sealed record ShrunkLayerRow(
    string Name,
    bool Replaced,
    string Reason,
    string? Form,
    int Rank,
    double ReconstructionError,
    double QualityDrop,
    long MacsBefore,
    long MacsAfter,
    long ParametersBefore,
    long ParametersAfter,
    double? MillisecondsBefore,
    double? MillisecondsAfter);

/// <summary>A network that was made and measured on the way.</summary>
/// <param name="Macs">MACs for one image.</param>
/// <param name="Parameters">Parameters, trainable or not.</param>
/// <param name="Milliseconds">Of a run, by its layers' times.</param>
/// <param name="Quality">Measured, on the images that the choice is made by.</param>
/// <param name="Replaced">How many layers were replaced.</param>
/// <param name="OnFront">Whether no other one is as fast and better, or as good and faster.</param>
/// <param name="Chosen">Whether it was chosen.</param>
internal sealed record NetworkRow(long Macs, long Parameters, double Milliseconds, double Quality, int Replaced, bool OnFront, bool Chosen);
