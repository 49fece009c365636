using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>Many callers at once get the bits that each would get alone.</summary>
public class ConcurrencyTests
{
    private const int Callers = 8;
    private const int RunsEach = 60;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 16)]
    public void Callers_with_different_batches_get_their_own_results(int threads, int concurrentRuns)
    {
        using Sequential model = SessionModels.Classifier();
        using var session = new InferenceSession(model, new SessionOptions
        {
            Threads = threads,
            MaximumConcurrentRuns = concurrentRuns,

            // Fewer than there are batch sizes, so that plans are dropped and made again all the time.
            CachedPlans = 2,
        });
        float[][] expected = [.. Enumerable.Range(0, Callers).Select(caller => SessionModels.Numbers(model.Predict(Input(caller), threads: 1)))];

        InParallel(caller =>
        {
            for (int run = 0; run < RunsEach; run++)
            {
                int own = (caller + run) % Callers;
                Assert.Equal(expected[own], SessionModels.Numbers(session.Run(Input(own))));
            }
        });
        Assert.InRange(session.Plans.Count, 1, 2);
    }

    [Fact]
    public void Hundreds_of_callers_get_their_own_results()
    {
        using Sequential model = SessionModels.Classifier();
        using var session = new InferenceSession(model);
        float[][] expected = [.. Enumerable.Range(0, Callers).Select(caller => SessionModels.Numbers(model.Predict(Input(caller), threads: 1)))];

        InParallel(
            caller =>
            {
                for (int run = 0; run < 5; run++)
                {
                    int own = (caller + run) % Callers;
                    Assert.Equal(expected[own], SessionModels.Numbers(session.Run(Input(own))));
                }
            },
            callers: 300);
    }

    [Fact]
    public void Requests_of_one_session_run_at_the_same_time()
    {
        using Sequential model = SessionModels.Classifier();
        using var session = new InferenceSession(model);
        float[][] expected = [.. Enumerable.Range(0, Callers).Select(caller => SessionModels.Numbers(model.Predict(SessionModels.Images(2, (ulong)caller))))];

        InParallel(caller =>
        {
            using InferenceRequest request = session.CreateRequest(new Dictionary<string, long> { ["batch"] = 2 });
            SessionModels.Images(2, (ulong)caller).FlattenTo(request.Input<float>("input"));
            for (int run = 0; run < RunsEach; run++)
            {
                request.Run();
                Assert.Equal(expected[caller], request.Output<float>("dense/softmax").ToArray());
            }
        });
    }

    [Fact]
    public void Callers_that_fail_do_not_hold_up_others()
    {
        using Sequential model = SessionModels.Classifier();
        using var session = new InferenceSession(model, new SessionOptions { MemoryLimit = 400_000, MaximumConcurrentRuns = 2 });

        InParallel(caller =>
        {
            for (int run = 0; run < RunsEach; run++)
            {
                if (caller % 2 == 0)
                {
                    Assert.Equal(5, session.Run(SessionModels.Images(1)).FlattenedLength);
                }
                else
                {
                    Assert.Throws<SepalException>(() => session.Run(SessionModels.Images(200)));
                }
            }
        });
    }

    [Fact]
    public void Disposing_of_a_session_under_load_ends_its_callers_in_order()
    {
        var session = new InferenceSession(SessionModels.TwoInputs());
        var inputs = new Dictionary<string, TensorData>
        {
            ["first"] = new([64, 4], ElementType.Float32, new byte[1024]),
            ["second"] = new([64, 4], ElementType.Float32, new byte[1024]),
        };

        InParallel(caller =>
        {
            if (caller == 0)
            {
                Thread.Sleep(20);
                session.Dispose();
                return;
            }

            Exception? end = null;
            while (end is null)
            {
                end = Record.Exception(() => session.Run(inputs));
            }

            Assert.IsType<ObjectDisposedException>(end);
        });
        Assert.Equal(0, session.Plans.Count);
    }

    [Fact]
    public void A_request_refuses_a_second_caller_while_it_runs()
    {
        using Sequential model = SessionModels.Classifier();
        using var session = new InferenceSession(model, new SessionOptions { Threads = 1 });
        using InferenceRequest request = session.CreateRequest(new Dictionary<string, long> { ["batch"] = 64 });
        int refused = 0;

        InParallel(_ =>
        {
            for (int run = 0; run < RunsEach; run++)
            {
                try
                {
                    request.Run();
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });

        Assert.InRange(refused, 1, Callers * RunsEach);
        request.Run();
    }

    private static System.Numerics.Tensors.Tensor<float> Input(int caller) => SessionModels.Images(1 + (caller % 4), (ulong)caller);

    /// <summary>Threads of their own: the thread pool might run them one after another.</summary>
    private static void InParallel(Action<int> action, int callers = Callers)
    {
        using var start = new Barrier(callers);
        var failures = new Exception?[callers];
        Thread[] threads = [.. Enumerable.Range(0, callers).Select(caller => new Thread(() =>
        {
            start.SignalAndWait();
            failures[caller] = Record.Exception(() => action(caller));
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(failures, Assert.Null);
    }
}
