using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels;

/// <summary>Independent multiply-adds on registers, as many as a core can do, in the widest vectors that kernels use.</summary>
internal abstract class PeakLoop
{
    protected const int Steps = 20_000;

    // Twelve chains cover the latency of two multiply-adds a cycle, and fit sixteen registers.
    private const int Chains = 12;

    /// <summary>Floating-point operations of one run: two for each lane's multiply-add.</summary>
    public static double Operations => 2.0 * Steps * Chains * SimdLevel.Width;

    public static PeakLoop Create() => SimdLevel.Create<Factory, PeakLoop>(default);

    /// <summary>Runs once, some tens of microseconds.</summary>
    public abstract void Run();

    private readonly struct Factory : ISimdFactory<PeakLoop>
    {
        public PeakLoop Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new PeakLoop<TSimd, TVector>();
    }
}

/// <summary>The loop at one width.</summary>
/// <typeparam name="TSimd">The operations.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
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

        // Kept, so that the sums must be made.
        a = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h)));
        _result += TSimd.Sum(TSimd.Add(TSimd.Add(a, TSimd.Add(i, j)), TSimd.Add(k, l)));
    }
}
