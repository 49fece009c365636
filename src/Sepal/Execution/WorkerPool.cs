using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Sepal.Execution;

/// <summary>
/// The process's threads for kernels. Every thread begins with a run of a step's parts of its own, the same share in every step, so
/// that what it reads is mostly what it wrote and lies in its caches; one that is done takes parts from the end of another's run.
/// Which thread gets which part makes no difference to the result. A caller that finds the pool busy does all parts itself.
/// </summary>
internal sealed class WorkerPool
{
    // Long enough to bridge the gap between two steps (a few µs), short enough not to burn a core between two requests.
    private const int SpinsBeforeParking = 500;

    private Worker[] _workers = [];
    private int _busy;

    private StepBody? _body;
    private RunContext? _context;
    private Share[] _shares = [default];
    private int _sharers;
    private int _running;
    private Exception? _failure;

    private WorkerPool()
    {
    }

    public static WorkerPool Shared { get; } = new();

    /// <summary>Does all parts of a step, and returns when they are done.</summary>
    public void Run(StepBody body, RunContext context, int parts, int threads)
    {
        int helpers = Math.Min(threads, parts) - 1;
        if (helpers <= 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (int part = 0; part < parts; part++)
            {
                body(context, part, 0);
            }

            return;
        }

        try
        {
            EnsureWorkers(helpers);
            _body = body;
            _context = context;
            _sharers = helpers + 1;
            for (int worker = 0; worker < _sharers; worker++)
            {
                _shares[worker].Set((int)((long)parts * worker / _sharers), (int)((long)parts * (worker + 1) / _sharers));
            }

            _failure = null;
            Volatile.Write(ref _running, helpers);
            for (int index = 0; index < helpers; index++)
            {
                _workers[index].Start();
            }

            TakeParts(worker: 0);

            // A worker that has not begun by now would find nothing to do: waking takes longer than many steps. One that has
            // begun uses the fields of this object, so wait for it whatever happened here.
            for (int index = 0; index < helpers; index++)
            {
                if (_workers[index].Withdraw())
                {
                    Interlocked.Decrement(ref _running);
                }
            }

            var wait = default(SpinWait);
            while (Volatile.Read(ref _running) > 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }

            if (_failure is { } failure)
            {
                // As it was, so that a caller sees the same error for any number of threads.
                ExceptionDispatchInfo.Throw(failure);
            }
        }
        finally
        {
            _body = null;
            _context = null;
            Volatile.Write(ref _busy, 0);
        }
    }

    private void TakeParts(int worker)
    {
        try
        {
            StepBody body = _body!;
            RunContext context = _context!;
            Share[] shares = _shares;
            int sharers = _sharers;
            while (shares[worker].TryTakeFirst(out int part))
            {
                body(context, part, worker);
            }

            for (int distance = 1; distance < sharers; distance++)
            {
                int other = (worker + distance) % sharers;
                while (shares[other].TryTakeLast(out int part))
                {
                    body(context, part, worker);
                }
            }
        }
#pragma warning disable CA1031 // Whatever a kernel throws belongs to the caller of Run, where it is thrown again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = exception;
        }
    }

    /// <summary>Called only by the one caller that holds the pool.</summary>
    private void EnsureWorkers(int count)
    {
        while (_workers.Length < count)
        {
            _workers = [.. _workers, new Worker(this, _workers.Length + 1)];
            _shares = new Share[_workers.Length + 1];
        }
    }

    /// <summary>
    /// The parts of a thread that nobody has taken: the first in the upper half of a number, just after the last in the lower one. On
    /// cache lines of its own, since its thread takes from it all the time.
    /// </summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Share
    {
        private long _range;

        public void Set(int first, int end) => Volatile.Write(ref _range, ((long)first << 32) | (uint)end);

        public bool TryTakeFirst(out int part)
        {
            long range = Volatile.Read(ref _range);
            while (true)
            {
                part = (int)(range >> 32);
                if (part >= (int)range)
                {
                    return false;
                }

                long seen = Interlocked.CompareExchange(ref _range, range + (1L << 32), range);
                if (seen == range)
                {
                    return true;
                }

                range = seen;
            }
        }

        public bool TryTakeLast(out int part)
        {
            long range = Volatile.Read(ref _range);
            while (true)
            {
                part = (int)range - 1;
                if (part < (int)(range >> 32))
                {
                    return false;
                }

                long seen = Interlocked.CompareExchange(ref _range, range - 1, range);
                if (seen == range)
                {
                    return true;
                }

                range = seen;
            }
        }
    }

#pragma warning disable CA1001 // A worker lives as long as the process, and so does its semaphore.
    private sealed class Worker
#pragma warning restore CA1001
    {
        private readonly WorkerPool _pool;
        private readonly int _number;
        private readonly SemaphoreSlim _wake = new(0);
        private int _state;

        public Worker(WorkerPool pool, int number)
        {
            _pool = pool;
            _number = number;
            new Thread(Loop) { IsBackground = true, Name = $"Sepal worker {number}" }.Start();
        }

        // Idle while it spins, Parked once it sleeps, Called from Start until it begins or is no longer needed, Working after.
        private const int Idle = 0;
        private const int Parked = 1;
        private const int Called = 2;
        private const int Working = 3;

        public void Start()
        {
            if (Interlocked.Exchange(ref _state, Called) == Parked)
            {
                _wake.Release();
            }
        }

        /// <summary>Takes a call back, if the worker has not begun. One that was asleep then wakes for nothing, and spins on.</summary>
        public bool Withdraw() => Interlocked.CompareExchange(ref _state, Idle, Called) == Called;

        private void Loop()
        {
            while (true)
            {
                WaitForStart();
                if (Interlocked.CompareExchange(ref _state, Working, Called) == Called)
                {
                    _pool.TakeParts(_number);
                    Volatile.Write(ref _state, Idle);
                    Interlocked.Decrement(ref _pool._running);
                }
            }
        }

        private void WaitForStart()
        {
            for (int spin = 0; spin < SpinsBeforeParking; spin++)
            {
                if (Volatile.Read(ref _state) == Called)
                {
                    return;
                }

                Thread.SpinWait(8);
            }

            if (Interlocked.CompareExchange(ref _state, Parked, Idle) == Idle)
            {
                _wake.Wait();
            }
        }
    }
}
