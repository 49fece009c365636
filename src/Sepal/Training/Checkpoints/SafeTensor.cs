using Sepal.Execution;

namespace Sepal.Training.Checkpoints;

/// <summary>A tensor of a safetensors file: a stretch of float32 numbers in memory, to be written from or read into.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Memory">The memory it lies in; null where it is <paramref name="Array"/>.</param>
/// <param name="Offset">Where in the memory, in bytes.</param>
/// <param name="Array">An array in place of the memory.</param>
internal readonly record struct SafeTensor(string Name, long[] Shape, AlignedMemory? Memory, long Offset, float[]? Array)
{
    public SafeTensor(string name, float[] array)
        : this(name, [array.Length], null, 0, array)
    {
    }

    /// <summary>How many numbers it has.</summary>
    public long Length => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>The numbers.</summary>
    public Span<float> Values => Array is not null ? Array.AsSpan() : Memory!.Floats(Offset, Length);
}
