using System.Numerics;
using Sepal.Graphs;
using Sepal.Kernels.Reductions;

namespace Sepal.Kernels.Elementwise;

/// <summary>
/// Turns floats into integers and back, with a scale and a zero point for each index along an axis. One scale for the whole
/// tensor is an axis of one index.
/// </summary>
internal abstract unsafe class QuantizationKernel(AxisLayout layout)
{
    protected AxisLayout Layout { get; } = layout;

    /// <summary>A kernel for integers of a type.</summary>
    public static QuantizationKernel Create(ElementType type, AxisLayout layout) =>
        ElementDispatch.Create<Factory, QuantizationKernel>(type, new Factory(layout));

    /// <summary>Quantises the elements behind some indices of the axes up to the axis.</summary>
    /// <param name="input">Floats.</param>
    /// <param name="scales">One for each index along the axis.</param>
    /// <param name="zeroPoints">Likewise, or null.</param>
    /// <param name="output">Integers.</param>
    /// <param name="from">The first element.</param>
    /// <param name="to">Just after the last one.</param>
    public abstract void Quantize(float* input, float* scales, void* zeroPoints, void* output, long from, long to);

    /// <summary>Dequantises some elements.</summary>
    public abstract void Dequantize(void* input, float* scales, void* zeroPoints, float* output, long from, long to);

    private readonly struct Factory(AxisLayout layout) : IElementFactory<QuantizationKernel>
    {
        public QuantizationKernel Create<T>()
            where T : unmanaged, INumber<T> => new Typed<T>(layout);
    }

    private sealed class Typed<T>(AxisLayout layout) : QuantizationKernel(layout)
        where T : unmanaged, INumber<T>
    {
        public override void Quantize(float* input, float* scales, void* zeroPoints, void* output, long from, long to)
        {
            while (from < to)
            {
                (long index, long end) = Stretch(from, to);
                float scale = scales[index];
                float zero = zeroPoints == null ? 0 : float.CreateTruncating(((T*)zeroPoints)[index]);
                for (; from < end; from++)
                {
                    ((T*)output)[from] = T.CreateSaturating(MathF.Round(input[from] / scale) + zero);
                }
            }
        }

        public override void Dequantize(void* input, float* scales, void* zeroPoints, float* output, long from, long to)
        {
            while (from < to)
            {
                (long index, long end) = Stretch(from, to);
                float scale = scales[index];
                long zero = zeroPoints == null ? 0 : long.CreateTruncating(((T*)zeroPoints)[index]);
                for (; from < end; from++)
                {
                    output[from] = (long.CreateTruncating(((T*)input)[from]) - zero) * scale;
                }
            }
        }

        /// <summary>Which index along the axis an element has, and where that changes.</summary>
        private (long Index, long End) Stretch(long from, long to)
        {
            (long line, long inner) = Math.DivRem(from, Layout.Inner);
            return (line % Layout.Length, Math.Min(from - inner + Layout.Inner, to));
        }
    }
}
