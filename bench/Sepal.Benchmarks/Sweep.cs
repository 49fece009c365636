using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Sepal.Kernels;
using Sepal.Kernels.Depthwise;

namespace Sepal.Benchmarks;

/// <summary>
/// Looks for cliffs: depthwise and grouped convolutions of every kind, each held against its nearest special case, 3×3 or 5×5 at
/// stride one with 64 channels. No case shall cost more than four times that one's time for each multiply-add, or else, where
/// that is dearer, one and a half times copying its input and output. A call of its own is granted <see cref="CallSeconds"/>.
/// </summary>
internal static unsafe class Sweep
{
    private const double CallSeconds = 0.5e-6;
    private const int Size = 28;
    private const int Shown = 3;
    private const int Measurements = 9;

    private static readonly int[] Channels = [1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 17, 24, 31, 32, 33, 58, 64, 100, 116, 256, 512];

    /// <summary>Prints, of each family, what lies beyond the bound, or else the worst few.</summary>
    /// <param name="names">Parts of families' names; all families where there are none.</param>
    public static void Run(ReadOnlySpan<string> names)
    {
        string[] wanted = [.. names];
        (string Name, IEnumerable<ConvolutionGeometry> Geometries)[] families =
            [.. Families().Where(family => wanted.Length == 0 || wanted.Any(family.Family.Contains))];

        // Through everything, so that the JIT's tiers are done: the first is left some time after the last method is new.
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (ConvolutionGeometry geometry in families.SelectMany(family => family.Geometries))
            {
                _ = Case.Measure(geometry);
            }

            Thread.Sleep(TimeSpan.FromSeconds(1));
        }

        Dictionary<(bool IsLarge, bool IsStrided), double> special = [];
        foreach (int kernel in (int[])[3, 5])
        {
            foreach (int stride in (int[])[1, 2])
            {
                ConvolutionGeometry geometry = Geometry(Size, Size, 64, kernel, stride, 1, 1, 1);
                special[(kernel == 5, stride == 2)] =
                    Enumerable.Range(0, Measurements).Min(_ => Case.Measure(geometry).PerMultiplyAdd);
            }
        }

        foreach ((string family, IEnumerable<ConvolutionGeometry> geometries) in families)
        {
            List<(double Ratio, ConvolutionGeometry Geometry, Case Case)> cases = [];
            foreach (ConvolutionGeometry geometry in geometries)
            {
                // Others that use the machine make a measurement longer, never shorter.
                double nearest = special[(geometry.KernelArea > 16, geometry.StrideWidth > 1)];
                Case least = Case.Measure(geometry);
                double ratio = double.PositiveInfinity;
                for (int i = 1; i < Measurements && ratio > 1; i++)
                {
                    Case measured = Case.Measure(geometry);
                    least = measured with
                    {
                        Seconds = Math.Min(measured.Seconds, least.Seconds),
                        CopySeconds = Math.Min(measured.CopySeconds, least.CopySeconds),
                    };
                    double bound = CallSeconds + Math.Max(4 * nearest * least.MultiplyAdds, 1.5 * least.CopySeconds);
                    ratio = least.Seconds / bound;
                }

                cases.Add((ratio, geometry, least));
            }

            int beyond = cases.Count(found => found.Ratio > 1);
            Print($"{family}: {cases.Count} cases, {beyond} beyond the bound, median {cases.Select(found => found.Ratio).Order().ElementAt(cases.Count / 2):F2} of it");
            foreach ((double ratio, ConvolutionGeometry g, Case c) in cases.OrderByDescending(found => found.Ratio).Take(Math.Max(beyond, Shown)))
            {
                Print($"  {ratio,5:F2}  {g.InputHeight}x{g.InputWidth}x{g.InputChannels}-{g.OutputChannels} in {g.Groups} groups, {g.KernelHeight}x{g.KernelWidth}, stride {g.StrideWidth}, dilation {g.DilationWidth}: {c.Seconds * 1e6:F2} µs, copying {c.CopySeconds * 1e6:F2}");
            }
        }
    }

    private static IEnumerable<(string Family, IEnumerable<ConvolutionGeometry> Geometries)> Families() =>
    [
        ("kernels, strides and dilations",
            from kernel in Enumerable.Range(1, 11)
            from stride in Enumerable.Range(1, 3)
            from dilation in Enumerable.Range(1, kernel == 1 ? 1 : 3)
            from channels in (int[])[3, 16, 58, 64]
            select Geometry(Size, Size, channels, kernel, stride, dilation, 1, 1)),
        ("channels",
            from channels in Channels
            from kernel in (int[])[1, 3, 5, 7]
            from stride in Enumerable.Range(1, 3)
            select Geometry(Size, Size, channels, kernel, stride, 1, 1, 1)),
        ("sizes",
            from size in (int[])[1, 2, 3, 5, 7, 10, 14, 33, 56, 112]
            from channels in (int[])[8, 24, 64]
            from kernel in (int[])[3, 5]
            from stride in Enumerable.Range(1, 2)
            select Geometry(size, size, channels, kernel, stride, 1, 1, 1)),
        ("depth multipliers",
            from multiplier in Enumerable.Range(2, 8)
            from channels in (int[])[1, 3, 8, 17, 64]
            from kernel in (int[])[3, 5]
            from stride in Enumerable.Range(1, 3)
            select Geometry(Size, Size, channels, kernel, stride, 1, multiplier, 1)),
        ("inputs of a group",
            from inputs in Enumerable.Range(2, 8)
            from groups in (int[])[2, 5, 16, 32]
            from kernel in (int[])[1, 3]
            from stride in Enumerable.Range(1, 2)
            select Geometry(Size, Size, groups, kernel, stride, 1, inputs, inputs)),
        ("one dimension",
            from channels in (int[])[1, 4, 16, 40, 64]
            from kernel in (int[])[3, 5, 9]
            from stride in Enumerable.Range(1, 3)
            from dilation in Enumerable.Range(1, 3)
            select Geometry(1, 512, channels, kernel, stride, dilation, 1, 1)),
    ];

    /// <summary>With padding that keeps the size at stride one. An image of one row is a convolution in one dimension.</summary>
    private static ConvolutionGeometry Geometry(
        int height, int width, int groups, int kernel, int stride, int dilation, int multiplier, int inputs)
    {
        int reach = (kernel - 1) * dilation;
        bool isFlat = height == 1 && width > 1;
        return new()
        {
            Batch = 1,
            InputHeight = height,
            InputWidth = width,
            InputChannels = groups * inputs,
            OutputHeight = isFlat ? 1 : ((height - 1) / stride) + 1,
            OutputWidth = ((width - 1) / stride) + 1,
            OutputChannels = groups * multiplier,
            Groups = groups,
            KernelHeight = isFlat ? 1 : kernel,
            KernelWidth = kernel,
            StrideHeight = isFlat ? 1 : stride,
            StrideWidth = stride,
            DilationHeight = isFlat ? 1 : dilation,
            DilationWidth = dilation,
            PaddingTop = isFlat ? 0 : reach / 2,
            PaddingLeft = reach / 2,
        };
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>What one case took.</summary>
    private readonly record struct Case(double Seconds, double CopySeconds, long MultiplyAdds)
    {
        private const double BlockSeconds = 0.0003;
        private const int Blocks = 7;

        public double PerMultiplyAdd => Seconds / MultiplyAdds;

        public static Case Measure(ConvolutionGeometry g)
        {
            DepthwiseRows rows = DepthwiseRows.Create(g);
            float* input = Allocate(g.InputImageLength);
            float* kernel = Allocate(g.KernelLength);
            float* packed = Allocate(rows.PackedLength);
            float* scratch = Allocate(rows.ScratchLength);
            float* output = Allocate(g.OutputImageLength);
            float* copy = Allocate(Math.Max(g.InputImageLength, g.OutputImageLength));
            rows.Pack(kernel, null, packed);
            double seconds = Median(() => rows.Run(
                input, (nint)g.InputWidth * g.InputChannels, packed, output, (nint)g.OutputWidth * g.OutputChannels, 0,
                g.OutputHeight, float.NegativeInfinity, float.PositiveInfinity, scratch, 0, rows.Blocks));
            double copySeconds = Median(() =>
            {
                new Span<float>(input, g.InputImageLength).CopyTo(new Span<float>(copy, g.InputImageLength));
                new Span<float>(output, g.OutputImageLength).CopyTo(new Span<float>(copy, g.OutputImageLength));
            });
            foreach (nint memory in (nint[])[(nint)input, (nint)kernel, (nint)packed, (nint)scratch, (nint)output, (nint)copy])
            {
                NativeMemory.AlignedFree((void*)memory);
            }

            return new Case(seconds, copySeconds, (long)g.OutputHeight * g.OutputWidth * g.KernelLength);
        }

        private static double Median(Action action)
        {
            // Enough calls for the JIT's tiers, and the first estimate.
            Stopwatch clock = Stopwatch.StartNew();
            int calls = 0;
            while (calls < 60 || clock.Elapsed.TotalSeconds < BlockSeconds)
            {
                action();
                calls++;
            }

            int repeats = Math.Max(1, (int)(BlockSeconds / (clock.Elapsed.TotalSeconds / calls)));
            double[] times = new double[Blocks];
            for (int i = 0; i < Blocks; i++)
            {
                clock.Restart();
                for (int j = 0; j < repeats; j++)
                {
                    action();
                }

                times[i] = clock.Elapsed.TotalSeconds / repeats;
            }

            Array.Sort(times);
            return times[Blocks / 2];
        }

        private static float* Allocate(long length)
        {
            float* memory = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(16, length) * sizeof(float), 64);
            Random random = new(1);
            for (long i = 0; i < length; i++)
            {
                memory[i] = (random.NextSingle() * 2) - 1;
            }

            return memory;
        }
    }
}
