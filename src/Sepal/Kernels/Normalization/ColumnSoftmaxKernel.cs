using Sepal.Kernels.Reductions;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>Softmax, or its logarithm, along an axis whose elements do not lie side by side: whole vectors of lines at once.</summary>
internal abstract unsafe class ColumnSoftmaxKernel(AxisLayout layout, bool logarithmic)
{
    protected AxisLayout Layout { get; } = layout;

    protected bool Logarithmic { get; } = logarithmic;

    public static ColumnSoftmaxKernel Create(AxisLayout layout, bool logarithmic) =>
        SimdLevel.Create<Factory, ColumnSoftmaxKernel>(
            new Factory(layout, logarithmic), SimdWidths.ForChannels((int)Math.Min(layout.Inner, int.MaxValue)));

    /// <summary>Computes some lines: those of some outer indices, from one inner index to just before another.</summary>
    public abstract void Run(float* input, float* output, long from, long to, long fromInner, long toInner);

    private readonly struct Factory(AxisLayout layout, bool logarithmic) : ISimdFactory<ColumnSoftmaxKernel>
    {
        public ColumnSoftmaxKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(layout, logarithmic);
    }

    private sealed class Vectorised<TSimd, TVector>(AxisLayout layout, bool logarithmic) : ColumnSoftmaxKernel(layout, logarithmic)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Run(float* input, float* output, long from, long to, long fromInner, long toInner)
        {
            for (long outer = from; outer < to; outer++)
            {
                long start = outer * Layout.Length * Layout.Inner;
                for (long inner = fromInner; inner < toInner; inner += TSimd.Width)
                {
                    int lanes = (int)Math.Min(TSimd.Width, toInner - inner);
                    Compute(input + start + inner, output + start + inner, lanes);
                }
            }
        }

        private void Compute(float* input, float* output, int lanes)
        {
            TVector maximum = TSimd.LoadPartial(input, lanes);
            long end = Layout.Length * Layout.Inner;
            for (long offset = Layout.Inner; offset < end; offset += Layout.Inner)
            {
                maximum = TSimd.Max(maximum, TSimd.LoadPartial(input + offset, lanes));
            }

            TVector total = TSimd.Broadcast(0);
            for (long offset = 0; offset < end; offset += Layout.Inner)
            {
                TVector difference = TSimd.Subtract(TSimd.LoadPartial(input + offset, lanes), maximum);
                TVector power = TSimd.Exp(difference);
                total = TSimd.Add(total, power);
                TSimd.StorePartial(Logarithmic ? difference : power, output + offset, lanes);
            }

            TVector logarithm = TSimd.Log(total);
            for (long offset = 0; offset < end; offset += Layout.Inner)
            {
                TVector value = TSimd.LoadPartial(output + offset, lanes);
                TVector result = Logarithmic ? TSimd.Subtract(value, logarithm) : TSimd.Divide(value, total);
                TSimd.StorePartial(result, output + offset, lanes);
            }
        }
    }
}
