using Sepal.Inference;
using Sepal.Tests.Onnx;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>What files by PyTorch's exporter are compiled to: a fusion that is lost shows as a step more.</summary>
public sealed class FixturePlanTests
{
    public static TheoryData<string> Names => [.. Fixture.Names];

    [Theory]
    [InlineData("mobilenet_v1_025_96", 29)]
    [InlineData("mobilenet_v2_035_96", 53)]
    [InlineData("mobilenet_v3_small_050_96", 64)]
    [InlineData("shufflenet_v2_050_96", 75)]
    public void A_network_takes_so_many_steps(string name, int steps)
    {
        InferencePlan plan = Plan(name);
        Assert.True(steps == plan.Steps.Length, $"{plan.Steps.Length} steps:\n{plan}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_that_can_be_fused_is(string name)
    {
        InferencePlan plan = Plan(name);
        string[] alone =
        [
            .. plan.Steps.Where(step => step.Nodes.Length == 1).Select(step => step.Nodes[0].Kind)
                .Where(kind => kind is not ("standard" or "depthwise" or "pointwise" or "dense" or "grouped")),
        ];
        Assert.DoesNotContain("transpose", alone);
        Assert.DoesNotContain("batchnormalization", alone);
        Assert.DoesNotContain("add", alone);
        Assert.DoesNotContain("multiply", alone);
        Assert.DoesNotContain("channelshuffle", alone);
        Assert.DoesNotContain("relu", alone);
        Assert.DoesNotContain("clip", alone);
        Assert.DoesNotContain("hardswish", alone);
        Assert.DoesNotContain("hardsigmoid", alone);
    }

    private static InferencePlan Plan(string name)
    {
        using var session = new InferenceSession(Fixture.Path(name));
        return session.Plan();
    }
}
