using Sepal.Graphs;
using Sepal.Randomness;
using Sepal.Training;

namespace Sepal.Tests.Training;

/// <summary>
/// Small noisy pictures of two classes and more, each with a bright spot in a corner of its own: quick to learn, and not by
/// chance.
/// </summary>
internal sealed class Clusters(int count, ulong seed = 1, int classes = 4) : Dataset
{
    public const int Size = 8;

    public override int Count => count;

    public override Shape InputShape { get; } = [Size, Size, 1];

    public override Shape TargetShape => Shape.Scalar;

    public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        for (int position = 0; position < indices.Length; position++)
        {
            var random = new RandomStream(seed, (ulong)indices[position]);
            int @class = random.NextInt32(classes);
            Span<float> picture = inputs.Slice(position * Size * Size, Size * Size);
            foreach (ref float pixel in picture)
            {
                pixel = random.NextSingle() * 0.5f;
            }

            int row = ((@class & 1) * 4) + random.NextInt32(3);
            int column = ((@class >> 1) * 4) + random.NextInt32(3);
            picture[(row * Size) + column] = 1;
            picture[((row + 1) * Size) + column + 1] = 1;
            targets[position] = @class;
        }
    }
}
