namespace Sepal.Shrinking;

/// <summary>What is being done.</summary>
/// <param name="Stage">Which step.</param>
/// <param name="Text">What of it, for people: <c>conv3 rank 2</c>.</param>
/// <param name="Done">How many parts of the step are done.</param>
/// <param name="Total">How many there are; 0 where that is not known.</param>
public readonly record struct ShrinkProgress(ShrinkStage Stage, string Text, int Done, int Total);

/// <summary>A step of shrinking.</summary>
public enum ShrinkStage
{
    /// <summary>The network as it is given.</summary>
    Original,

    /// <summary>Every layer's candidates are timed.</summary>
    Timing,

    /// <summary>Every layer's candidates are put into the network, one at a time.</summary>
    Sensitivity,

    /// <summary>Whole networks are made and measured.</summary>
    Search,

    /// <summary>Layers are replaced in closed form.</summary>
    Decoupling,

    /// <summary>They are corrected by least squares on real activations.</summary>
    Correction,

    /// <summary>Channels are pruned.</summary>
    Pruning,

    /// <summary>The network is trained after the original.</summary>
    FineTuning,
}
