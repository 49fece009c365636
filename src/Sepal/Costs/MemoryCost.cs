namespace Sepal.Costs;

/// <summary>
/// The most memory that a model takes at once, by liveness: in graph order, a tensor lives from the node that makes it
/// to the last that reads it, inputs from the start and outputs to the end. Nothing is fused; views (reshape, flatten,
/// dropout at inference) share their input's memory.
/// </summary>
public sealed record MemoryCost
{
    /// <summary>Bytes of the activations at the worst moment of inference.</summary>
    public required long PeakActivationBytes { get; init; }

    /// <summary>The node that runs at that moment.</summary>
    public required string PeakNode { get; init; }

    /// <summary>Bytes of all parameters and constants, each once.</summary>
    public required long ParameterBytes { get; init; }

    /// <summary>Bytes of the activations that the backward pass needs of the forward pass.</summary>
    public required long KeptActivationBytes { get; init; }

    /// <summary>Bytes of activations and gradients by activations at the worst moment of a training step.</summary>
    public required long PeakTrainingActivationBytes { get; init; }

    /// <summary>Bytes of the gradients by trainable parameters.</summary>
    public required long GradientBytes { get; init; }

    /// <summary>Bytes of the optimizer's state, <see cref="CostOptions.OptimizerStates"/> numbers a trainable parameter.</summary>
    public required long OptimizerBytes { get; init; }

    /// <summary>Parameters and activations at the worst moment of inference.</summary>
    public long InferenceBytes => checked(ParameterBytes + PeakActivationBytes);

    /// <summary>Parameters, gradients, the optimizer's state, and activations at the worst moment of a training step.</summary>
    public long TrainingBytes => checked(ParameterBytes + GradientBytes + OptimizerBytes + PeakTrainingActivationBytes);
}
