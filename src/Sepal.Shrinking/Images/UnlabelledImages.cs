using Sepal.Graphs;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>The images of a data set without its targets: what is read in their place is not a number, so that no use goes unseen.</summary>
internal sealed class UnlabelledImages(Dataset source) : Dataset
{
    private float[] _unread = [];

    public override int Count => source.Count;

    public override Shape InputShape => source.InputShape;

    public override Shape TargetShape => Shape.Scalar;

    public override bool IsFixed => source.IsFixed;

    public override void Prepare(int epoch, ReadOnlyMemory<int> order, int batchSize) => source.Prepare(epoch, order, batchSize);

    public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        int length = checked((int)(source.TargetShape.ElementCount.Value * indices.Length));
        if (_unread.Length < length)
        {
            _unread = new float[length];
        }

        source.Read(indices, inputs, _unread.AsSpan(0, length));
        targets.Fill(float.NaN);
    }
}
