using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Benchmarks;

/// <summary>What one core can do at most: independent multiply-adds on registers.</summary>
internal static class Peak
{
    /// <summary>GFLOP/s of the widest vectors that the kernels use.</summary>
    public static double Measure()
    {
        PeakLoop loop = SimdLevel.Create<Factory, PeakLoop>(default);
        double best = 0;
        for (int i = 0; i < 5; i++)
        {
            best = Math.Max(best, PeakLoop.Operations / Timing.Median(loop.Run) / 1e9);
        }

        return best;
    }

    private readonly struct Factory : ISimdFactory<PeakLoop>
    {
        public PeakLoop Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new PeakLoop<TSimd, TVector>();
    }
}

internal abstract class PeakLoop
{
    protected const int Steps = 20_000;

    public static double Operations => 2.0 * Steps * 12 * SimdLevel.Width;

    public abstract void Run();
}

internal sealed class PeakLoop<TSimd, TVector> : PeakLoop
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private float _result;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run()
    {
        TVector x = TSimd.Broadcast(0.5f);
        TVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = TSimd.MultiplyAdd(a, x, x);
            b = TSimd.MultiplyAdd(b, x, x);
            c = TSimd.MultiplyAdd(c, x, x);
            d = TSimd.MultiplyAdd(d, x, x);
            e = TSimd.MultiplyAdd(e, x, x);
            f = TSimd.MultiplyAdd(f, x, x);
            g = TSimd.MultiplyAdd(g, x, x);
            h = TSimd.MultiplyAdd(h, x, x);
            i = TSimd.MultiplyAdd(i, x, x);
            j = TSimd.MultiplyAdd(j, x, x);
            k = TSimd.MultiplyAdd(k, x, x);
            l = TSimd.MultiplyAdd(l, x, x);
        }

        a = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h)));
        _result += TSimd.Sum(TSimd.Add(TSimd.Add(a, TSimd.Add(i, j)), TSimd.Add(k, l)));
    }
}
