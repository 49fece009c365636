using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class ResizeTests
{
    public static TheoryData<ResizeMode, ResizeCoordinates> Modes { get; } =
    [
        .. from mode in Enum.GetValues<ResizeMode>()
           from coordinates in Enum.GetValues<ResizeCoordinates>()
           where mode == ResizeMode.Nearest || coordinates != ResizeCoordinates.TensorFlowHalfPixelForNearest
           select (mode, coordinates),
    ];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Matches_the_reference(ResizeMode mode, ResizeCoordinates coordinates)
    {
        int[][] targets = [[2, 8, 10, 3], [2, 3, 2, 3], [2, 7, 1, 3], [2, 4, 13, 3]];
        foreach (int[] target in targets)
        {
            Check(new Resize(mode, TypedRun.Shape(target)) { Coordinates = coordinates }, [2, 4, 5, 3], target);
        }

        Check(new Resize(mode, [2, 8, 10, 3]) { Coordinates = coordinates, Scales = [1, 2.1f, 2.05f, 1] }, [2, 4, 5, 3], [2, 8, 10, 3]);
        Check(new Resize(mode, [2, 3, 11]) { Coordinates = coordinates }, [2, 3, 7], [2, 3, 11]);
    }

    [Fact]
    public void Matches_the_reference_over_several_parts() =>
        Check(new Resize(ResizeMode.Linear, [4, 30, 50, 24]), [4, 15, 20, 24], [4, 30, 50, 24], withGradient: false);

    [Fact]
    public void Takes_the_nearest_as_asked()
    {
        foreach (ResizeRounding rounding in Enum.GetValues<ResizeRounding>())
        {
            foreach (ResizeCoordinates coordinates in (ResizeCoordinates[])[ResizeCoordinates.HalfPixel, ResizeCoordinates.Asymmetric])
            {
                var resize = new Resize(ResizeMode.Nearest, [3, 8, 2, 5]) { Rounding = rounding, Coordinates = coordinates };
                Check(resize, [3, 4, 8, 5], [3, 8, 2, 5]);
            }
        }
    }

    [Fact]
    public void Cubics_differ_by_their_coefficient_and_by_what_is_outside()
    {
        foreach (bool excludeOutside in (bool[])[false, true])
        {
            var resize = new Resize(ResizeMode.Cubic, [1, 8, 3, 17]) { CubicCoefficient = -0.5f, ExcludeOutside = excludeOutside };
            Check(resize, [1, 4, 5, 17], [1, 8, 3, 17]);
        }
    }

    [Theory]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int64)]
    public void Takes_the_nearest_of_any_type(ElementType type)
    {
        TensorData input = TypedRun.Counting(type, 1, 3, 4, 2);
        TensorData expected = TypedRun.Gathered(input, [1, 6, 8, 2], place => [place[0], place[1] / 2, place[2] / 2, place[3]]);
        TypedRun.AssertSame(expected, TypedRun.Of(new Resize(ResizeMode.Nearest, [1, 6, 8, 2]), input)[0], $"{type}");
    }

    [Fact]
    public void Refuses_to_mix_integers()
    {
        GraphException error = Assert.Throws<GraphException>(() =>
            TypedRun.Of(new Resize(ResizeMode.Linear, [6]), TypedRun.Counting(ElementType.UInt8, 3)));
        Assert.Contains("resize UInt8 elements in Linear mode", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_size_costs_no_step()
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("input", new TensorSpec([Dimension.Batch, 4, 5, 3]));
        Node node = builder.Add("resize", new Resize(ResizeMode.Linear, [Dimension.Batch, 4, 5, 3]), [input]);
        Assert.Empty(GraphHarness.InferenceSteps(builder.Build(node.Output), batch: 2));
    }

    private static void Check(Resize resize, int[] shape, int[] target, bool withGradient = true)
    {
        if (resize.Coordinates == ResizeCoordinates.TensorFlowCropAndResize)
        {
            // One axis reaches beyond both ends, the others lie inside or stay.
            float[] starts = [.. shape.Select((_, axis) => axis == 1 ? -0.25f : 0)];
            float[] ends = [.. shape.Select((_, axis) => axis == 1 ? 1.3f : axis == 2 ? 0.8f : 1)];
            resize = resize with { Region = [.. starts, .. ends], ExtrapolationValue = 3.5f };
        }

        // The batch stays open, so that one image can be run alone.
        resize = resize with { Sizes = resize.Sizes.With(0, Dimension.Batch) };
        var harness = new OperatorHarness(resize, TestNumbers.Operand(new Random(1), shape)) { Terms = 256 };
        double[] Reference(double[][] operands) => ReferenceResize.Forward(resize, operands[0], shape, target);
        if (withGradient)
        {
            harness.Check(Reference);
        }
        else
        {
            harness.CheckInference(Reference);
        }
    }
}
