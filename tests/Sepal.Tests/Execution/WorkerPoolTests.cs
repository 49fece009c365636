using Sepal.Execution;
using Xunit;

namespace Sepal.Tests.Execution;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 100)]
    [InlineData(2, 1)]
    [InlineData(2, 100)]
    [InlineData(5, 3)]
    [InlineData(8, 1000)]
    public void Does_every_part_once(int threads, int parts)
    {
        using RunContext context = Context(threads);
        for (int repetition = 0; repetition < 100; repetition++)
        {
            var counts = new int[parts];
            WorkerPool.Shared.Run((_, part, _) => Interlocked.Increment(ref counts[part]), context, parts, threads);
            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void A_thread_does_the_parts_of_its_own_share_first()
    {
        const int threads = 3;
        using RunContext context = Context(threads);
        using var begun = new Barrier(threads);
        var workers = new int[2 * threads];
        WorkerPool.Shared.Run(
            (_, part, worker) =>
            {
                // Each thread's first part waits for the others', so that none can take another's first one.
                workers[part] = worker;
                if (part % 2 == 0)
                {
                    begun.SignalAndWait();
                }
            },
            context,
            workers.Length,
            threads);
        Assert.Equal([0, 1, 2], [workers[0], workers[2], workers[4]]);
    }

    [Fact]
    public void Gives_every_thread_scratch_memory_of_its_own()
    {
        const int threads = 4;
        using RunContext context = Context(threads);
        var busy = new int[threads];
        int clashes = 0;
        WorkerPool.Shared.Run(
            (_, _, worker) =>
            {
                if (Interlocked.Increment(ref busy[worker]) != 1)
                {
                    Interlocked.Increment(ref clashes);
                }

                Thread.SpinWait(200);
                Interlocked.Decrement(ref busy[worker]);
            },
            context,
            1000,
            threads);
        Assert.Equal(0, clashes);
    }

    [Fact]
    public async Task Serves_many_callers_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() =>
        {
            using RunContext context = Context(3);
            for (int repetition = 0; repetition < 500; repetition++)
            {
                int parts = 1 + ((caller + repetition) % 17);
                long sum = 0;
                WorkerPool.Shared.Run((_, part, _) => Interlocked.Add(ref sum, part + 1), context, parts, 3);
                Assert.Equal(parts * (parts + 1) / 2, sum);
            }
        })));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_in_a_part_reaches_the_caller_as_it_is_and_the_pool_works_on(int threads)
    {
        using RunContext context = Context(threads);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            int failing = repetition % 20;
            var exception = Assert.Throws<SepalException>(() => WorkerPool.Shared.Run(
                (_, part, _) =>
                {
                    if (part == failing)
                    {
                        throw new SepalException($"part {part}");
                    }
                },
                context,
                20,
                threads));
            Assert.Equal($"part {failing}", exception.Message);
        }

        int count = 0;
        WorkerPool.Shared.Run((_, _, _) => Interlocked.Increment(ref count), context, 20, threads);
        Assert.Equal(20, count);
    }

    [Fact]
    public void A_part_may_itself_use_the_pool()
    {
        using RunContext outer = Context(3);
        using RunContext inner = Context(3);
        int count = 0;
        WorkerPool.Shared.Run(
            (_, _, _) => WorkerPool.Shared.Run((_, _, _) => Interlocked.Increment(ref count), inner, 7, 3), outer, 11, 3);
        Assert.Equal(77, count);
    }

    [Fact]
    public void A_cancelled_run_stops_between_two_steps()
    {
        using RunContext context = Context(1);
        using var source = new CancellationTokenSource();
        int steps = 0;
        var step = new Step("node", "forward", 1, (_, _, _) =>
        {
            steps++;
            source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Executor.Run([step, step], context, source.Token));
        Assert.Equal(1, steps);
    }

    private static RunContext Context(int threads)
    {
        Plan plan = new() { Steps = [], Preparation = [], ArenaBytes = 0, PreparedBytes = 0, ScratchBytes = 64 };
        return new RunContext(plan, threads);
    }
}
