using Sepal.Inference;
using Sepal.Layers;
using Sepal.Tests.Training;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>Making a request may allocate; running it may not.</summary>
[Collection(AllocationTests.Name)]
public class RequestAllocationTests
{
    private const int Runs = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_allocates_nothing(int threads)
    {
        using Sequential model = SessionModels.Classifier();
        using var session = new InferenceSession(model, new SessionOptions { Threads = threads });
        using InferenceRequest request = session.CreateRequest(new Dictionary<string, long> { ["batch"] = 3 });
        using var source = new CancellationTokenSource();
        float sum = 0;
        Run(10);

        // Of all threads, since workers must not allocate either. The runtime allocates now and then on threads of its own, so
        // the quietest of a few measurements counts: a single byte a run would show in each of them.
        long allocated = long.MaxValue;
        for (int attempt = 0; attempt < 20 && allocated >= Runs; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Run(Runs);
            allocated = Math.Min(allocated, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.InRange(allocated, 0, Runs - 1);
        Assert.True(float.IsFinite(sum));

        void Run(int count)
        {
            for (int run = 0; run < count; run++)
            {
                request.Input<float>("input").Fill(run);
                request.Run(source.Token);
                sum += request.Output<float>("dense/softmax")[0];
            }
        }
    }
}
