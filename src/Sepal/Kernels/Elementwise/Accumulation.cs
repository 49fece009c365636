using System.Numerics.Tensors;

namespace Sepal.Kernels.Elementwise;

/// <summary>Adding one stretch of floats to another; a sum of two has the same bits however it is vectorised.</summary>
internal static unsafe class Accumulation
{
    /// <summary><c>destination += source</c>; the two do not overlap.</summary>
    public static void Add(float* source, float* destination, long length)
    {
        var into = new Span<float>(destination, checked((int)length));
        TensorPrimitives.Add(into, new ReadOnlySpan<float>(source, (int)length), into);
    }
}
