using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary><c>x·scale + offset</c> for a stretch of floats.</summary>
internal abstract unsafe class RescalingKernel
{
    public static RescalingKernel Instance { get; } = SimdLevel.Create<Factory, RescalingKernel>(default);

    public abstract void Run(float* input, float* output, long length, float scale, float offset);

    private readonly struct Factory : ISimdFactory<RescalingKernel>
    {
        public RescalingKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>();
    }

    private sealed class Vectorised<TSimd, TVector> : RescalingKernel
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Run(float* input, float* output, long length, float scale, float offset)
        {
            TVector factor = TSimd.Broadcast(scale);
            TVector summand = TSimd.Broadcast(offset);
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(input + index), factor, summand), output + index);
            }

            int rest = (int)(length - index);
            if (rest > 0)
            {
                TVector value = TSimd.MultiplyAdd(TSimd.LoadPartial(input + index, rest), factor, summand);
                TSimd.StorePartial(value, output + index, rest);
            }
        }
    }
}
