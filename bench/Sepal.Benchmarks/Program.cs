using System.Globalization;
using Sepal.Benchmarks;
using Sepal.Costs;
using Sepal.Kernels;

// One thread, medians. Machines differ and drift: what counts is the share of the peak measured alongside.
// Arguments are parts of shape names; with none, every shape is measured. "sweep" looks for cliffs instead,
// in all families or in those whose names have a part that follows.
if (args is ["sweep", ..])
{
    Sweep.Run(args.AsSpan(1));
    return;
}

double peak = MachinePeak.Measure();
Print($"fp32 multiply-add peak of one core: {peak:F0} GFLOP/s");
foreach ((string _, ConvolutionGeometry geometry) in Shapes.All)
{
    // Once through everything, so that the JIT's tiers are done with what the first shapes share.
    using ConvolutionRun run = new(geometry);
    Timing.WarmUp(run.Forward);
    Timing.WarmUp(run.InputGradient);
    Timing.WarmUp(run.WeightGradient);
}

Print($"{"shape",-28} {"batch",5} {"MMACs",8} {"forward",18} {"input gradient",18} {"weight gradient",18}");
foreach ((string name, ConvolutionGeometry geometry) in Shapes.All)
{
    if (args.Length > 0 && !args.Any(name.Contains))
    {
        continue;
    }

    foreach (int batch in (int[])[1, 32, 128])
    {
        ConvolutionGeometry shape = geometry with { Batch = batch };
        long macs = (long)batch * shape.OutputHeight * shape.OutputWidth * shape.KernelLength;
        using ConvolutionRun run = new(shape);
        Print(
            $"{name,-28} {batch,5} {macs / 1e6,8:F2} {Report(run.Forward, macs),18} {Report(run.InputGradient, macs),18} {Report(run.WeightGradient, macs),18}");
    }
}

string Report(Action action, long macs)
{
    double seconds = Timing.Median(action);
    double rate = 2 * macs / seconds / 1e9;
    return string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6,8:F1}us {rate,4:F0} {rate / peak,4:P0}");
}

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
