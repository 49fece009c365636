namespace Sepal.Costs;

/// <summary>
/// What is counted of a node, a layer or a model. One MAC is one multiply and one add; FLOPs are twice the MACs. Bias
/// adds, activations, pooling and batch normalisation are element operations, by the rule that each operator documents.
/// </summary>
public abstract record CostCounts
{
    /// <summary>Parameters that training changes, in elements. A shared parameter counts once, where it is first used.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Parameters that training does not change (moving statistics, frozen layers), in elements; each counted once.</summary>
    public required long NonTrainableParameters { get; init; }

    /// <summary>MACs of convolutions and dense layers, for the whole batch.</summary>
    public required long MultiplyAccumulates { get; init; }

    /// <summary>Every other operation on an element, for the whole batch.</summary>
    public required long ElementOperations { get; init; }

    /// <summary>Bytes of what is read, parameters included, by every node anew; nothing stays in a cache.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Bytes of what every node writes.</summary>
    public required long BytesWritten { get; init; }

    /// <summary>All parameters, in elements.</summary>
    public long TotalParameters => TrainableParameters + NonTrainableParameters;
}
