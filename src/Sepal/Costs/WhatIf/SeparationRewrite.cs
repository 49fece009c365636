using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Costs.WhatIf;

/// <summary>
/// Puts depthwise-separable convolutions in the place of standard ones. Strides, padding, dilation and kernel size go to the
/// depthwise step, the bias to the pointwise one. A sum of T separable convolutions is one with T intermediate channels an
/// input channel: Σₜ Pₜ·Dₜ is [P₁ … P_T] times the D's one above the other.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="rank">How many separable convolutions add up to each standard one.</param>
internal sealed class SeparationRewrite(Graph graph, int rank)
{
    // Layers that share a kernel go on sharing.
    private readonly Dictionary<Value, (Parameter Depthwise, Parameter Pointwise)> _kernels = [];
    private readonly NodeReplacement _replacement = new(graph);

    /// <summary>The name of the depthwise step of a convolution.</summary>
    public static string DepthwiseName(string convolution) => $"{convolution}/depthwise";

    /// <summary>The name of the pointwise step of a convolution.</summary>
    public static string PointwiseName(string convolution) => $"{convolution}/pointwise";

    /// <summary>Why a convolution stays as it is; null for one that is separated, and for other nodes.</summary>
    public static string? ReasonToKeep(Node node)
    {
        if (node.Operator is ConvolutionTranspose)
        {
            return "transposed: its windows overlap in the output, not in the input";
        }

        if (node.Operator is not Convolution convolution)
        {
            return null;
        }

        return convolution.KindFor(node.Inputs[0].Spec.Channels.Value) switch
        {
            ConvolutionKind.Depthwise => "depthwise already",
            ConvolutionKind.Pointwise => "1×1: there is no window to take apart",
            ConvolutionKind.Grouped => $"grouped: its {convolution.Groups} groups of channels do not mix, which a pointwise step would do",
            _ when !node.Inputs[1].IsStored() => "its kernel is computed by the model",
            _ => null,
        };
    }

    /// <summary>Whether a node is a convolution that is separated.</summary>
    public static bool IsSeparated(Node node) => node.Operator is Convolution && ReasonToKeep(node) is null;

    /// <summary>The changed graph.</summary>
    public Graph Apply()
    {
        foreach (Node node in graph.Nodes.Where(IsSeparated))
        {
            Replace(node, (Convolution)node.Operator);
        }

        return _replacement.Build();
    }

    private void Replace(Node node, Convolution convolution)
    {
        int channels = checked((int)node.Inputs[0].Spec.Channels.Value);
        (Parameter depthwiseKernel, Parameter pointwiseKernel) = KernelsFor(node.Inputs[1], convolution, channels);
        var depthwise = new Convolution(checked(channels * rank), convolution.KernelSize)
        {
            Strides = convolution.Strides,
            Padding = convolution.Padding,
            DilationRate = convolution.DilationRate,
            Groups = channels,
        };
        string name = DepthwiseName(node.Name);
        ImmutableArray<Value> inputs = [node.Inputs[0], depthwiseKernel];
        TensorSpec between = depthwise.InferOutputs(new OperatorCall(name, depthwise, [.. inputs.Select(input => input.Spec)]))[0];
        var value = new Value(name, between);
        _replacement.Replace(
            node,
            new Node(name, depthwise, inputs, [value], node.LayerType),
            new Node(
                PointwiseName(node.Name),
                new Convolution(convolution.Filters, 1),
                [value, pointwiseKernel, .. node.Inputs.Skip(2)],
                node.Outputs,
                node.LayerType));
    }

    private (Parameter Depthwise, Parameter Pointwise) KernelsFor(Value kernel, Convolution convolution, int channels)
    {
        if (!_kernels.TryGetValue(kernel, out (Parameter Depthwise, Parameter Pointwise) kernels))
        {
            int between = checked(channels * rank);
            Size2D size = convolution.KernelSize;
            kernels = (
                Make("depthwise", [size.Height, size.Width, 1, between], new Fans(size.Area, (long)size.Area * rank)),
                Make("pointwise", [1, 1, between, convolution.Filters], new Fans(between, convolution.Filters)));
            _kernels.Add(kernel, kernels);
        }

        return kernels;

        Parameter Make(string step, Shape shape, Fans fans) =>
            new($"{kernel.Name}/{step}", new TensorSpec(shape) { AxisOrder = string.Empty }, VarianceScaling.GlorotUniform)
            {
                Fans = fans,
                Trainable = kernel is not Parameter { Trainable: false },
                L2 = (kernel as Parameter)?.L2 ?? 0,
            };
    }
}
