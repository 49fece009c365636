using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class ConvolutionTransposeTests
{
    [Fact]
    public void Matches_the_reference_for_every_channel_count()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            Check(new ConvolutionTranspose(5, 3) { Strides = 2, Padding = 1, OutputPadding = 1 }, [3, 3, 4, channels]);
            Check(new ConvolutionTranspose(channels, (2, 3)) { Strides = (1, 3) }, [1, 3, 4, 6]);
            Check(new ConvolutionTranspose(channels, 3) { Strides = 2, Groups = channels }, [2, 3, 4, channels]);
        }
    }

    [Fact]
    public void Matches_the_reference_for_random_shapes()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int groups = random.Next(1, 4);
            int[] shape = [random.Next(1, 4), random.Next(1, 7), random.Next(1, 7), groups * random.Next(1, 9)];
            Size2D size = (random.Next(1, 5), random.Next(1, 5));
            var operation = new ConvolutionTranspose(groups * random.Next(1, 9), size)
            {
                Groups = groups,
                Strides = (random.Next(1, 4), random.Next(1, 4)),
                DilationRate = (random.Next(1, 3), random.Next(1, 3)),
                OutputPadding = (random.Next(5), random.Next(5)),
                Padding = Padding2D.Explicit(random.Next(size.Height), random.Next(size.Width), random.Next(size.Height), random.Next(size.Width)),
            };
            (long tall, long wide) = new Window2D(size, 1, operation.DilationRate, operation.Padding).Extent;
            if (((shape[1] - 1) * operation.Strides.Height) + tall + operation.OutputPadding.Height > operation.Padding.Top + operation.Padding.Bottom
                && ((shape[2] - 1) * operation.Strides.Width) + wide + operation.OutputPadding.Width > operation.Padding.Left + operation.Padding.Right)
            {
                Check(operation, shape);
            }
        }
    }

    [Fact]
    public void Matches_the_reference_over_several_parts() =>
        Check(new ConvolutionTranspose(8, 4) { Strides = 2, Padding = 1 }, [2, 20, 24, 16]);

    private static void Check(ConvolutionTranspose operation, int[] shape)
    {
        var random = new Random(shape[3]);
        int[] kernelShape = [operation.KernelSize.Height, operation.KernelSize.Width, operation.Filters / operation.Groups, shape[3]];
        OperatorCall call = new("node", operation, [new TensorSpec(TypedRun.Shape(shape)), new TensorSpec(TypedRun.Shape(kernelShape))]);
        int[] output = [.. operation.InferOutputs(call)[0].Shape.Select(dimension => (int)dimension.Value)];
        new OperatorHarness(
            operation, TestNumbers.Operand(random, shape), TestNumbers.Operand(random, kernelShape, OperandKind.Weight))
        {
            Terms = output[0] * output[1] * output[2] * (long)Math.Max(shape[3], operation.Filters),
        }.Check(operands => ReferenceConvolutionTranspose.Forward(operation, operands[0], shape, operands[1], output));
    }
}
