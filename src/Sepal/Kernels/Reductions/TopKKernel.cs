using System.Numerics;
using Sepal.Graphs;

namespace Sepal.Kernels.Reductions;

/// <summary>
/// Finds the largest or smallest elements along an axis: a heap keeps the best so far with the worst of them on top, where the
/// next element meets it.
/// </summary>
internal abstract unsafe class TopKKernel(AxisLayout layout, int count)
{
    protected AxisLayout Layout { get; } = layout;

    protected int Count { get; } = count;

    /// <summary>Scratch floats that a worker needs.</summary>
    public abstract long ScratchLength { get; }

    /// <summary>A kernel for an element type.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="layout">The axis of the input.</param>
    /// <param name="count">How many elements are wanted, at least 1.</param>
    /// <param name="largest">Whether the largest are.</param>
    /// <param name="sorted">Whether they come in order of their values; otherwise of their positions.</param>
    public static TopKKernel Create(ElementType type, AxisLayout layout, int count, bool largest, bool sorted) =>
        ElementDispatch.Create<Factory, TopKKernel>(type, new Factory(layout, count, largest, sorted));

    /// <summary>Finds the elements of some lines.</summary>
    public abstract void Run(void* input, void* values, long* positions, long from, long to, void* scratch);

    private readonly struct Factory(AxisLayout layout, int count, bool largest, bool sorted) : IElementFactory<TopKKernel>
    {
        public TopKKernel Create<T>()
            where T : unmanaged, INumber<T> => new Typed<T>(layout, count, largest, sorted);
    }

    private readonly record struct Entry<T>(T Value, long Position)
        where T : unmanaged, INumber<T>
    {
        // Kept, since making a delegate allocates.
        public static Comparison<Entry<T>> LargestFirst { get; } = (left, right) => Order(right.Value.CompareTo(left.Value), left, right);

        public static Comparison<Entry<T>> SmallestFirst { get; } = (left, right) => Order(left.Value.CompareTo(right.Value), left, right);

        public static Comparison<Entry<T>> ByPosition { get; } = (left, right) => left.Position.CompareTo(right.Position);

        private static int Order(int byValue, Entry<T> left, Entry<T> right) =>
            byValue != 0 ? byValue : left.Position.CompareTo(right.Position);
    }

    private sealed class Typed<T>(AxisLayout layout, int count, bool largest, bool sorted) : TopKKernel(layout, count)
        where T : unmanaged, INumber<T>
    {
        private readonly Comparison<Entry<T>> _order = largest ? Entry<T>.LargestFirst : Entry<T>.SmallestFirst;

        public override long ScratchLength => (long)Count * sizeof(Entry<T>) / sizeof(float);

        public override void Run(void* input, void* values, long* positions, long from, long to, void* scratch)
        {
            var best = new Span<Entry<T>>(scratch, Count);
            for (long line = from; line < to; line++)
            {
                Select((T*)input + Layout.Start(line, Layout.Length), best);
                best.Sort(sorted ? _order : Entry<T>.ByPosition);
                long start = Layout.Start(line, Count);
                for (int index = 0; index < Count; index++, start += Layout.Inner)
                {
                    ((T*)values)[start] = best[index].Value;
                    positions[start] = best[index].Position;
                }
            }
        }

        private void Select(T* line, Span<Entry<T>> best)
        {
            for (int index = 0; index < Count; index++)
            {
                best[index] = new Entry<T>(line[index * Layout.Inner], index);
            }

            for (int root = (Count / 2) - 1; root >= 0; root--)
            {
                Sink(best, root);
            }

            for (long index = Count; index < Layout.Length; index++)
            {
                var next = new Entry<T>(line[index * Layout.Inner], index);
                if (_order(next, best[0]) < 0)
                {
                    best[0] = next;
                    Sink(best, 0);
                }
            }
        }

        /// <summary>Restores the heap under a node that may be better than its children.</summary>
        private void Sink(Span<Entry<T>> heap, int node)
        {
            while (true)
            {
                int worst = node;
                for (int child = (2 * node) + 1; child <= (2 * node) + 2 && child < heap.Length; child++)
                {
                    worst = _order(heap[child], heap[worst]) > 0 ? child : worst;
                }

                if (worst == node)
                {
                    return;
                }

                (heap[node], heap[worst]) = (heap[worst], heap[node]);
                node = worst;
            }
        }
    }
}
