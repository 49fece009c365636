using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Optimizers;

/// <summary>Lets an average follow numbers: <c>average += (number − average)·share</c>. Lengths are multiples of 16 floats.</summary>
internal abstract unsafe class AveragingKernel
{
    public static AveragingKernel Instance { get; } = SimdLevel.Create<Factory, AveragingKernel>(default);

    /// <summary>Makes one step.</summary>
    /// <param name="numbers">What is averaged.</param>
    /// <param name="averages">The averages, laid out alike.</param>
    /// <param name="share">The share of the distance that the average goes.</param>
    /// <param name="length">A multiple of 16.</param>
    public abstract void Follow(float* numbers, float* averages, float share, long length);

    private readonly struct Factory : ISimdFactory<AveragingKernel>
    {
        public AveragingKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new AveragingKernel<TSimd, TVector>();
    }
}

/// <summary>The average at one vector width.</summary>
internal sealed unsafe class AveragingKernel<TSimd, TVector> : AveragingKernel
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public override void Follow(float* numbers, float* averages, float share, long length)
    {
        TVector step = TSimd.Broadcast(share);
        for (long index = 0; index < length; index += TSimd.Width)
        {
            TVector average = TSimd.Load(averages + index);
            TVector distance = TSimd.Subtract(TSimd.Load(numbers + index), average);
            TSimd.Store(TSimd.MultiplyAdd(distance, step, average), averages + index);
        }
    }
}
