using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Inference.Rewrites;

/// <summary>Puts a new classifier where an old one was.</summary>
/// <param name="builder">The graph, up to where the old classifier was.</param>
/// <param name="name">The old classifier's name, which the new one takes.</param>
internal sealed class NewHead(GraphBuilder builder, string name)
{
    /// <summary>Whether a node is a classifier's layer: dense or a 1×1 convolution, with a kernel of its own.</summary>
    public static bool CanReplace(Node node) => node.Inputs is [_, Parameter, ..] && node.Operator switch
    {
        Dense => node.Inputs[0].Shape.Rank == 2,
        MatMul => node.Inputs[0].Shape.Rank == 2,
        Convolution convolution => convolution.KindFor(node.Inputs[0].Spec.Channels.Value) == ConvolutionKind.Pointwise,
        _ => false,
    };

    /// <summary>Adds the layer and the softmax.</summary>
    /// <param name="old">The old layer.</param>
    /// <param name="features">What it read, in the new graph.</param>
    /// <param name="classes">How many classes to tell apart.</param>
    public Value Add(Node old, Value features, int classes)
    {
        Value scores = old.Operator is Convolution ? AddConvolution(features, classes) : AddDense(features, classes);
        return builder.Add($"{name}/softmax", new Softmax(), [scores]).Output;
    }

    private Value AddDense(Value features, int classes)
    {
        long channels = features.Spec.Channels.Value;
        return builder.Add(name, new Dense(classes), [features, Kernel([channels, classes], channels, classes), Bias(classes)]).Output;
    }

    /// <summary>As SqueezeNet ends: scores at every pixel, and their mean.</summary>
    private Value AddConvolution(Value features, int classes)
    {
        long channels = features.Spec.Channels.Value;
        Value scores = builder.Add(
            name, new Convolution(classes, 1), [features, Kernel([1, 1, channels, classes], channels, classes), Bias(classes)]).Output;
        Value mean = builder.Add($"{name}/mean", new GlobalPooling(PoolingFunction.Average), [scores]).Output;
        return mean.Shape.Rank == 2 ? mean : builder.Add($"{name}/flatten", new Flatten(), [mean]).Output;
    }

    private Parameter Kernel(Shape shape, long channels, int classes) =>
        builder.Parameter($"{name}/new_kernel", shape, VarianceScaling.GlorotUniform, new Fans(channels, classes));

    private Parameter Bias(int classes) => builder.Parameter($"{name}/new_bias", [classes], Constant.Zeros);
}
