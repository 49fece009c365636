namespace Sepal.Shrinking.Search;

/// <summary>What one way of computing a layer costs, and what it does to the network's outputs.</summary>
/// <param name="MultiplyAccumulates">MACs for one image.</param>
/// <param name="Parameters">Parameters, trainable or not.</param>
/// <param name="Milliseconds">Measured, for one run.</param>
/// <param name="Loss">
/// How far the network's outputs move when only this layer is computed so; 0 for the layer as it is. Those of several layers are
/// added up, which is right to first order.
/// </param>
public readonly record struct CandidateFigures(long MultiplyAccumulates, long Parameters, double Milliseconds, double Loss)
{
    /// <summary>The figure of one kind.</summary>
    /// <param name="kind">Which.</param>
    /// <returns>Its number.</returns>
    public double Of(FigureKind kind) => kind switch
    {
        FigureKind.Loss => Loss,
        FigureKind.MultiplyAccumulates => MultiplyAccumulates,
        FigureKind.Parameters => Parameters,
        _ => Milliseconds,
    };

    /// <summary>Adds two layers up.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Both together.</returns>
    public static CandidateFigures operator +(CandidateFigures left, CandidateFigures right) => Add(left, right);

    /// <summary>Adds two layers up.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Both together.</returns>
    public static CandidateFigures Add(CandidateFigures left, CandidateFigures right) => new(
        left.MultiplyAccumulates + right.MultiplyAccumulates,
        left.Parameters + right.Parameters,
        left.Milliseconds + right.Milliseconds,
        left.Loss + right.Loss);
}

/// <summary>A figure that a choice makes small or keeps below a limit.</summary>
public enum FigureKind
{
    /// <summary>How far the outputs move.</summary>
    Loss,

    /// <summary>MACs for one image.</summary>
    MultiplyAccumulates,

    /// <summary>Parameters, trainable or not.</summary>
    Parameters,

    /// <summary>Measured milliseconds of a run.</summary>
    Milliseconds,
}
