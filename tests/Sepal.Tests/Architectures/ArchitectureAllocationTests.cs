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

    // What runs for the first time on this thread may allocate once, and which parts those are is left to chance on two threads. What
    // allocates in every run does so in every round.
    private const int Rounds = 20;

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
            Assert.Contains(Enumerable.Range(0, Rounds), _ => AllocatedByRuns() == 0);

            long AllocatedByRuns()
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int run = 0; run < Runs; run++)
                {
                    Run();
                }

                return GC.GetAllocatedBytesForCurrentThread() - before;
            }

            void Run() => request.Run(TestContext.Current.CancellationToken);
        }
    }
}
