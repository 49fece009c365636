namespace Sepal.Operators;

/// <summary>What an operator's element operations are: all work that is no MAC of a convolution or a matrix product.</summary>
public enum ElementOperationKind
{
    /// <summary>Adding the bias of a convolution or a dense layer.</summary>
    Bias,

    /// <summary>Scaling and shifting by batch normalisation.</summary>
    BatchNormalization,

    /// <summary>An activation function; clipping, PReLU and softmax too.</summary>
    Activation,

    /// <summary>The maximum or mean of a window or of a whole image.</summary>
    Pooling,

    /// <summary>Adding or subtracting two tensors: a residual connection, a bias that stands alone.</summary>
    Addition,

    /// <summary>Multiplying or dividing two tensors: the gate of squeeze and excitation.</summary>
    Multiplication,

    /// <summary>Layer, instance or local response normalisation.</summary>
    Normalization,

    /// <summary>Everything else: reductions, resizing, comparisons, conversions, functions that are no activations.</summary>
    Other,
}
