using Sepal.Architectures;
using Sepal.Inference;
using Sepal.Tests.Training;
using Xunit;

namespace Sepal.Tests.Architectures;

/// <summary>A run of any architecture allocates nothing, whatever it is compiled to.</summary>
[Collection(AllocationTests.Name)]
public class ArchitectureAllocationTests
{
    private const int Runs = 3;

    public static TheoryData<string> Names { get; } = [.. Architecture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_allocates_nothing(string name)
    {
        using Model model = (Architecture.Create(name) with { InputShape = [64, 64, 3] }).Build();
        foreach (int threads in (int[])[1, 2])
        {
            using var session = new InferenceSession(model, new SessionOptions { Threads = threads });
            using InferenceRequest request = session.CreateRequest();
            request.Input<float>("input").Fill(0.5f);
            Run();

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int run = 0; run < Runs; run++)
            {
                Run();
            }

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

            void Run() => request.Run(TestContext.Current.CancellationToken);
        }
    }
}
