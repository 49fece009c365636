namespace Sepal.Shrinking.Search;

/// <summary>What things are called in sentences.</summary>
internal static class Names
{
    /// <summary>A form, as its two steps.</summary>
    public static string Of(DecouplingForm form) => form == DecouplingForm.DepthwisePointwise ? "depthwise → pointwise" : "pointwise → depthwise";
}
