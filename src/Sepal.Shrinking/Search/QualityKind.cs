namespace Sepal.Shrinking.Search;

/// <summary>What a network's quality is measured by.</summary>
public enum QualityKind
{
    /// <summary>The share of the labelled images that it tells rightly.</summary>
    Accuracy,

    /// <summary>The share of the images that it takes for the same class as the original does; needs no labels.</summary>
    Agreement,

    /// <summary>
    /// 1 − ‖outputs − original's‖² / ‖original's‖², for networks that do not classify; needs no labels.
    /// </summary>
    Fidelity,
}
