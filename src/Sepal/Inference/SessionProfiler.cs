using System.Diagnostics;
using System.Runtime.InteropServices;
using Sepal.Costs;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Randomness;

namespace Sepal.Inference;

/// <summary>Times the steps of a request's plan.</summary>
internal sealed class SessionProfiler(InferenceRequest request, CancellationToken cancellation)
{
    // The runtime compiles what runs often a second time, some tenths of a second after it first did.
    private const double WarmUpSeconds = 0.5;
    private const int WarmUpRuns = 5;
    private const double MeasuredSeconds = 3;
    private const int LeastRuns = 20;
    private const int MostRuns = 10_000;

    public InferenceProfile Profile(int? runs)
    {
        FillInputs();
        int threads = request.Context.Threads;
        double peak = MachinePeak.Measure(threads);
        double milliseconds = WarmUp();

        // Each run counts twice: once as a whole, once with a clock between its steps.
        int count = runs ?? Math.Clamp((int)(MeasuredSeconds * 1000 / (2 * milliseconds)), LeastRuns, MostRuns);
        double[] steps = Executor.Profile(request.Plan.Forward.Plan.Steps, request.Context, count, cancellation);
        var whole = new double[count];
        foreach (ref double time in whole.AsSpan())
        {
            time = TimeRun();
        }

        return new InferenceProfile
        {
            Steps = [.. PlanDescription.Steps(request.Plan).Select((step, index) => new StepProfile(step, steps[index]))],
            Inputs = request.Inputs,
            RunMilliseconds = Executor.Median(whole),
            Runs = count,
            Threads = threads,
            PeakGigaflops = Math.Max(peak, MachinePeak.Measure(threads)),
        };
    }

    /// <summary>Numbers of −1 to 1 where there are floats: zeros and denormals would flatter or spoil the times.</summary>
    private void FillInputs()
    {
        for (int index = 0; index < request.Inputs.Length; index++)
        {
            Span<byte> bytes = request.InputBytes(index);
            bytes.Clear();
            if (request.Inputs[index].ElementType == ElementType.Float32)
            {
                var random = new RandomStream(seed: 0, stream: (ulong)index);
                foreach (ref float value in MemoryMarshal.Cast<byte, float>(bytes))
                {
                    value = (2 * random.NextSingle()) - 1;
                }
            }
        }
    }

    private double WarmUp()
    {
        List<double> times = [];
        long start = Stopwatch.GetTimestamp();
        while (times.Count < WarmUpRuns || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds)
        {
            times.Add(TimeRun());
        }

        return Executor.Median([.. times]);
    }

    private double TimeRun()
    {
        long start = Stopwatch.GetTimestamp();
        request.Run(cancellation);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
