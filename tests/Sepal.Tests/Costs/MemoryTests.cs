using Sepal.Architectures;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Costs;

public class MemoryTests
{
    /// <summary>No arena can be smaller than what lives at once; fitting buffers into one costs little.</summary>
    [Theory]
    [InlineData("mobilenet-v1-0.25")]
    [InlineData("mobilenet-v2")]
    [InlineData("mobilenet-v3-small")]
    [InlineData("shufflenet-v2-1.0")]
    [InlineData("resnet18")]
    public void The_arena_of_an_unfused_plan_holds_what_lives_at_once(string name)
    {
        using Model model = (Architecture.Create(name) with { InputShape = [96, 96, 3] }).Build();
        var symbols = new Dictionary<string, long> { [Dimension.Batch.ToString()] = 1 };

        long arena = PlanCompiler.CompileInference(model.Graph, model.Store, symbols).Plan.ArenaBytes;

        double ratio = (double)arena / model.Cost().Memory.PeakActivationBytes;
        Assert.InRange(ratio, 1, 1.3);
    }
}
