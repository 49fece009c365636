using Sepal.Graphs;

namespace Sepal.Inference;

/// <summary>What a session or a request says of one of its inputs or outputs.</summary>
/// <param name="Name">The name to give it by or to ask for it by.</param>
/// <param name="Shape">The extents in the model's axis order, outermost first; symbols where they are open.</param>
/// <param name="ElementType">What the elements are.</param>
public sealed record TensorInfo(string Name, Shape Shape, ElementType ElementType)
{
    /// <summary>
    /// Whether <see cref="Shape"/> says how many dimensions there are. Few files leave that to what they are given; the shape
    /// then means nothing.
    /// </summary>
    public bool IsRankKnown { get; init; } = true;

    /// <summary>Name, type and shape, for listings: <c>image Float32 (batch, 28, 28, 1)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsRankKnown ? $"{Name} {ElementType} {Shape}" : $"{Name} {ElementType} (…)";

    internal static TensorInfo Of(Value value) => new(value.Name, value.Shape, value.Spec.ElementType);
}
