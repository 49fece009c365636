namespace Sepal.Costs;

/// <summary>
/// What is counted of a node, a layer or a model. One MAC is one multiply and one add; FLOPs are twice the MACs. Bias
/// adds, activations, pooling and batch normalisation are element operations, by the rule that each operator documents,
/// unless <see cref="CostOptions"/> say otherwise.
/// </summary>
public abstract record CostCounts
{
    private protected CostCounts()
    {
    }

    /// <summary>The sum of others.</summary>
    private protected CostCounts(IReadOnlyCollection<CostCounts> parts)
    {
        TrainableParameters = parts.Sum(part => part.TrainableParameters);
        NonTrainableParameters = parts.Sum(part => part.NonTrainableParameters);
        MultiplyAccumulates = parts.Sum(part => part.MultiplyAccumulates);
        BackwardInputMultiplyAccumulates = parts.Sum(part => part.BackwardInputMultiplyAccumulates);
        BackwardWeightMultiplyAccumulates = parts.Sum(part => part.BackwardWeightMultiplyAccumulates);
        ElementOperationsByKind = ElementOperationCounts.Sum(parts.Select(part => part.ElementOperationsByKind));
        WeightBytes = parts.Sum(part => part.WeightBytes);
        ActivationBytesIn = parts.Sum(part => part.ActivationBytesIn);
        ActivationBytesOut = parts.Sum(part => part.ActivationBytesOut);
        RooflineSeconds = parts.Any(part => part.RooflineSeconds is null) ? null : parts.Sum(part => part.RooflineSeconds);
    }

    /// <summary>Parameters that training changes, in elements. A shared parameter counts once, where it is first used.</summary>
    public long TrainableParameters { get; init; }

    /// <summary>Parameters that training does not change (moving statistics, frozen layers), in elements; each counted once.</summary>
    public long NonTrainableParameters { get; init; }

    /// <summary>MACs of convolutions, dense layers and matrix products, for the whole batch.</summary>
    public long MultiplyAccumulates { get; init; }

    /// <summary>
    /// MACs of the gradient by the input in a training step, for the whole batch; 0 where nothing trainable lies before.
    /// Convolutions, dense layers and matrix products alone.
    /// </summary>
    public long BackwardInputMultiplyAccumulates { get; init; }

    /// <summary>MACs of the gradient by the weights in a training step, for the whole batch; 0 where they are frozen.</summary>
    public long BackwardWeightMultiplyAccumulates { get; init; }

    /// <summary>Every other operation on an element, by kind.</summary>
    public ElementOperationCounts ElementOperationsByKind { get; init; } = ElementOperationCounts.None;

    /// <summary>Bytes of the parameters and constants that are read, by every node anew.</summary>
    public long WeightBytes { get; init; }

    /// <summary>Bytes of the activations that every node reads, anew each time; nothing stays in a cache.</summary>
    public long ActivationBytesIn { get; init; }

    /// <summary>Bytes of the activations that every node writes.</summary>
    public long ActivationBytesOut { get; init; }

    /// <summary>
    /// The least time by the roofline model (Williams, Waterman and Patterson, 2009): of a node the longer of its operations
    /// at the machine's peak and its bytes at the machine's bandwidth; of a layer or a model the sum of its nodes'. Null
    /// where no machine was given.
    /// </summary>
    public double? RooflineSeconds { get; init; }

    /// <summary>Twice the MACs.</summary>
    public long Flops => checked(2 * MultiplyAccumulates);

    /// <summary>Every other operation on an element, for the whole batch.</summary>
    public long ElementOperations => ElementOperationsByKind.Total;

    /// <summary>FLOPs and element operations together: what the roofline model divides by time and by bytes.</summary>
    public long Operations => checked(Flops + ElementOperations);

    /// <summary>Bytes of what is read, parameters included, by every node anew; nothing stays in a cache.</summary>
    public long BytesRead => checked(WeightBytes + ActivationBytesIn);

    /// <summary>Bytes of what every node writes.</summary>
    public long BytesWritten => ActivationBytesOut;

    /// <summary>Bytes read and written.</summary>
    public long Bytes => checked(BytesRead + BytesWritten);

    /// <summary>Operations a byte that is read or written; 0 where no byte is.</summary>
    public double ArithmeticIntensity => Bytes == 0 ? 0 : (double)Operations / Bytes;

    /// <summary>All parameters, in elements.</summary>
    public long TotalParameters => checked(TrainableParameters + NonTrainableParameters);

    /// <summary>MACs of one training step: forward, backward by input, backward by weights.</summary>
    public long TrainingMultiplyAccumulates =>
        checked(MultiplyAccumulates + BackwardInputMultiplyAccumulates + BackwardWeightMultiplyAccumulates);
}
