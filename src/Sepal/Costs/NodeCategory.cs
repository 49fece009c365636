namespace Sepal.Costs;

/// <summary>The five kinds of work that separability is about.</summary>
public enum NodeCategory
{
    /// <summary>Convolutions with one kernel a channel.</summary>
    Depthwise,

    /// <summary>1×1 convolutions.</summary>
    Pointwise,

    /// <summary>All other convolutions: of all channels, grouped, transposed.</summary>
    Standard,

    /// <summary>Dense layers and matrix products.</summary>
    Dense,

    /// <summary>Everything else.</summary>
    Rest,
}
