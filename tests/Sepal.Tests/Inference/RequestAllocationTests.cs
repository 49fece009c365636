using Sepal.Inference;
using Sepal.Layers;
using Sepal.Tests.Training;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>Making a request may allocate; running it may not.</summary>
[Collection(AllocationTests.Name)]
public class RequestAllocationTests
{
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

        long before = GC.GetTotalAllocatedBytes(precise: true);
        Run(1000);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        // Not a byte a run: what little there may be is the runtime's own.
        Assert.InRange(allocated, 0, 999);
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
