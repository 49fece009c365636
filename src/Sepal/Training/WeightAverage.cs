using System.Buffers;
using System.Runtime.InteropServices;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Kernels.Optimizers;
using Sepal.Operators;

namespace Sepal.Training;

/// <summary>
/// The exponential moving average of a model's weights over the steps of a fit: the trainable parameters, and batch
/// normalisation's moving statistics with the same decay, so that they belong to the averaged weights (as in the averages
/// of TensorFlow's published MobileNets). It begins at the weights after the first step.
/// </summary>
internal sealed unsafe class WeightAverage : IDisposable
{
    private readonly ParameterStore _store;
    private readonly AlignedMemory _trainable;
    private readonly AlignedMemory _state;
    private readonly PlanBuffer[] _statistics;
    private readonly float _share;
    private readonly Partition _partition;
    private readonly StepBody _body;

    /// <summary>Prepares the average.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="store">Its numbers.</param>
    /// <param name="decay">The share of the average that a step keeps.</param>
    public WeightAverage(Graph graph, ParameterStore store, double decay)
    {
        _store = store;
        _share = (float)(1 - decay);
        _trainable = new AlignedMemory(store.Trainable.ByteCount);
        _state = new AlignedMemory(store.State.ByteCount);
        _statistics =
        [
            .. graph.Nodes
                .Where(node => node.Operator is BatchNormalization { Frozen: false })
                .SelectMany(node => node.Inputs.Skip(3))
                .OfType<Parameter>()
                .Where(parameter => !parameter.Trainable)
                .Distinct()
                .Select(parameter => store.Buffer(parameter)),
        ];
        _partition = Partition.OfElements(store.Trainable.ByteCount / sizeof(float));
        _body = FollowPart;
    }

    /// <summary>Whether a step was made; before, there is nothing to average.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The averages, laid out as the model's numbers. Where they are swapped in, the numbers of the last step.</summary>
    public (AlignedMemory Trainable, AlignedMemory State) Memory => (_trainable, _state);

    /// <summary>Takes a step's weights in.</summary>
    public void Follow(RunContext context, int threads)
    {
        if (!HasBegun)
        {
            Copy(_store.Trainable, _trainable);
            Copy(_store.State, _state);
            HasBegun = true;
            return;
        }

        foreach (PlanBuffer statistic in _statistics)
        {
            AveragingKernel.Instance.Follow(
                (float*)(_store.State.Pointer + statistic.Offset),
                (float*)(_state.Pointer + statistic.Offset),
                _share,
                AlignedMemory.RoundUp(statistic.ByteCount) / sizeof(float));
        }

        WorkerPool.Shared.Run(_body, context, _partition.Parts, threads);
    }

    /// <summary>Exchanges the model's numbers and the averages; twice is as not at all. Before the first step, does nothing.</summary>
    public void Swap()
    {
        if (HasBegun)
        {
            Exchange(_store.Trainable, _trainable);
            Exchange(_store.State, _state);
            _store.MarkChanged();
        }
    }

    /// <summary>Says that <see cref="Memory"/> was filled from a checkpoint.</summary>
    public void Resume() => HasBegun = true;

    public void Dispose()
    {
        _trainable.Dispose();
        _state.Dispose();
    }

    private static void Copy(AlignedMemory source, AlignedMemory destination) =>
        NativeMemory.Copy(source.Pointer, destination.Pointer, (nuint)source.ByteCount);

    private static void Exchange(AlignedMemory left, AlignedMemory right)
    {
        const int Piece = 64 * 1024;
        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        for (long start = 0; start < left.ByteCount; start += Piece)
        {
            int length = (int)Math.Min(Piece, left.ByteCount - start);
            var leftBytes = new Span<byte>(left.Pointer + start, length);
            var rightBytes = new Span<byte>(right.Pointer + start, length);
            leftBytes.CopyTo(piece);
            rightBytes.CopyTo(leftBytes);
            piece.AsSpan(0, length).CopyTo(rightBytes);
        }

        ArrayPool<byte>.Shared.Return(piece);
    }

    private void FollowPart(RunContext context, int part, int worker)
    {
        (long from, long to) = _partition.Range(part);
        AveragingKernel.Instance.Follow(
            (float*)_store.Trainable.Pointer + from, (float*)_trainable.Pointer + from, _share, to - from);
    }
}
