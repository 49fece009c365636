using System.Runtime.ExceptionServices;

namespace Sepal.Data;

/// <summary>Makes one example ready.</summary>
/// <param name="worker">Which thread asks, from 0: its working memory may be used again.</param>
/// <param name="index">The example.</param>
/// <param name="destination">Where its numbers go.</param>
internal delegate void RenderExample(int worker, int index, Span<float> destination);

/// <summary>
/// Makes the examples of an epoch ready on threads of its own, in the order in which they will be read, and no further ahead than
/// a bounded memory allows.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    // A block is what a thread makes between two locks: several small images, or one large one.
    private const int BlockFloats = 1 << 15;
    private const int MostExamplesABlock = 32;

    // Monitor's, not a Lock: threads wait for each other here.
    private readonly object _gate = new();
    private readonly ReadOnlyMemory<int> _order;
    private readonly RenderExample _render;
    private readonly int _length;
    private readonly int _blockSize;
    private readonly int _blocks;
    private readonly bool[] _ready;
    private readonly Exception?[] _errors;
    private readonly Thread[] _threads;
    private int _claimed;
    private int _released;
    private int _position;
    private bool _stopped;

    /// <summary>Starts.</summary>
    /// <param name="order">The examples in the order in which they will be read; must not change meanwhile.</param>
    /// <param name="batchSize">How many are read at once.</param>
    /// <param name="length">Numbers an example.</param>
    /// <param name="threads">How many threads, at least 1.</param>
    /// <param name="render">Makes an example ready; called by these threads.</param>
    /// <param name="memory">The ring of a run before that is over, to be used again where it fits.</param>
    public ReadAhead(ReadOnlyMemory<int> order, int batchSize, int length, int threads, RenderExample render, float[]? memory)
    {
        _order = order;
        _render = render;
        _length = length;
        _blockSize = Math.Clamp(BlockFloats / length, 1, Math.Min(MostExamplesABlock, batchSize));
        _blocks = (order.Length + _blockSize - 1) / _blockSize;

        // Two batches, the one that is read next and the one after it, and what the threads are at.
        int ring = Math.Min(_blocks, (((2 * batchSize) + _blockSize - 1) / _blockSize) + threads);
        long floats = (long)ring * _blockSize * length;
        Memory = memory?.Length == floats ? memory : new float[floats];
        _ready = new bool[ring];
        _errors = new Exception?[ring];
        _threads = new Thread[Math.Min(threads, _blocks)];
        for (int worker = 0; worker < _threads.Length; worker++)
        {
            int number = worker;
            _threads[worker] = new Thread(() => Work(number)) { IsBackground = true, Name = $"Sepal image reader {number}" };
            _threads[worker].Start();
        }
    }

    /// <summary>The ring of examples.</summary>
    public float[] Memory { get; }

    /// <summary>Reads the next examples, and waits for them where they are not ready.</summary>
    /// <param name="indices">Which.</param>
    /// <param name="destination">Is filled with them one after another.</param>
    /// <returns>Whether these are the next ones; nothing is read otherwise.</returns>
    public bool TryRead(ReadOnlySpan<int> indices, Span<float> destination)
    {
        if (_position + indices.Length > _order.Length || !indices.SequenceEqual(_order.Span.Slice(_position, indices.Length)))
        {
            return false;
        }

        for (int done = 0; done < indices.Length;)
        {
            int block = _position / _blockSize;
            int within = _position % _blockSize;
            int count = Math.Min(indices.Length - done, Math.Min(_blockSize - within, _order.Length - _position));
            int slot = block % _ready.Length;
            WaitFor(slot);
            Memory.AsSpan(((slot * _blockSize) + within) * _length, count * _length).CopyTo(destination[(done * _length)..]);
            done += count;
            _position += count;
            if (_position == _order.Length || _position % _blockSize == 0)
            {
                Release(slot);
            }
        }

        return true;
    }

    /// <summary>Stops the threads, and waits until they have.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void WaitFor(int slot)
    {
        lock (_gate)
        {
            while (!_ready[slot])
            {
                Monitor.Wait(_gate);
            }

            if (_errors[slot] is { } error)
            {
                ExceptionDispatchInfo.Throw(error);
            }
        }
    }

    private void Release(int slot)
    {
        lock (_gate)
        {
            _ready[slot] = false;
            _released++;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work(int worker)
    {
        while (Claim() is { } block)
        {
            int slot = block % _ready.Length;
            Exception? error = null;
            try
            {
                Render(worker, block, slot);
            }
#pragma warning disable CA1031 // Whatever it is, it belongs to whoever reads this block, and must not end the process from here.
            catch (Exception exception)
            {
                error = exception;
            }
#pragma warning restore CA1031

            lock (_gate)
            {
                _errors[slot] = error;
                _ready[slot] = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private int? Claim()
    {
        lock (_gate)
        {
            while (!_stopped && _claimed < _blocks && _claimed - _released >= _ready.Length)
            {
                Monitor.Wait(_gate);
            }

            return _stopped || _claimed == _blocks ? null : _claimed++;
        }
    }

    private void Render(int worker, int block, int slot)
    {
        int first = block * _blockSize;
        int count = Math.Min(_blockSize, _order.Length - first);
        for (int example = 0; example < count; example++)
        {
            _render(worker, _order.Span[first + example], Memory.AsSpan(((slot * _blockSize) + example) * _length, _length));
        }
    }
}
