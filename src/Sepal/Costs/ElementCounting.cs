namespace Sepal.Costs;

/// <summary>How biases, batch normalisation or activations are counted. Tools and papers differ in it.</summary>
public enum ElementCounting
{
    /// <summary>As element operations, apart from the MACs.</summary>
    ElementOperations,

    /// <summary>
    /// As MACs: one for each element of a bias or an activation (five for softmax), and one for each element of a batch
    /// normalisation, whose multiply and add are one MAC.
    /// </summary>
    MultiplyAccumulates,

    /// <summary>Not at all.</summary>
    LeftOut,
}
