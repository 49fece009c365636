using static System.FormattableString;

namespace Sepal.Cli.Comparison;

/// <summary>
/// Says in sentences what a comparison's figures say: what separability saved and what it cost. Every sentence is chosen
/// by the figures at hand; where something did not get better, it says so.
/// </summary>
internal static class Findings
{
    /// <summary>Times that differ by less than this share are called the same: that much they vary from run to run.</summary>
    private const double SameTime = 0.05;

    // Epochs of one network do the same work. Where they differ by more, something else was running.
    private const double BusyRatio = 2;
    private const double BusySeconds = 1;

    /// <summary>The whole result in one line.</summary>
    /// <param name="result">The comparison.</param>
    /// <returns>A sentence.</returns>
    public static string Verdict(ComparisonResult result)
    {
        if (result.Find(NetworkNames.Standard) is not { } standard || result.Find(NetworkNames.Separable) is not { } separable)
        {
            return "Interrupted before there were two networks to compare.";
        }

        string deeper = result.Find(NetworkNames.Deeper) is { } deep
            ? Invariant($"; with the parameters spent on depth instead, accuracy is {Difference(deep, standard)} standard's")
            : string.Empty;
        return Invariant($"Separable convolutions take {Times(standard.ConvolutionParameters, separable.ConvolutionParameters)} fewer parameters ")
            + Invariant($"and {Times(standard.ConvolutionMacs, separable.ConvolutionMacs)} fewer multiply-adds, and test accuracy is ")
            + Invariant($"{Difference(separable, standard)} standard's{deeper}.");
    }

    /// <summary>What was saved and what it cost.</summary>
    /// <param name="result">The comparison.</param>
    /// <returns>A paragraph.</returns>
    public static string Summary(ComparisonResult result)
    {
        if (result.Find(NetworkNames.Standard) is not { } standard || result.Find(NetworkNames.Separable) is not { } separable)
        {
            return "The run was interrupted before there were two networks to compare; run it again to its end.";
        }

        IEnumerable<string> sentences =
        [
            Saved(standard, separable),
            Time(standard, separable),
            Accuracy(standard, separable, result.Data.TestImages),
            result.Find(NetworkNames.Mobile) is { } mobile ? FirstLayer(standard, separable, mobile, result.Data) : string.Empty,
            result.Find(NetworkNames.Deeper) is { } deeper ? Depth(standard, deeper) : string.Empty,
            Caution(result, standard),
            Busy(result),
        ];
        return string.Join(' ', sentences.Where(sentence => sentence.Length > 0));
    }

    private static string Saved(NetworkResult standard, NetworkResult separable)
    {
        long unchanged = standard.Parameters - standard.ConvolutionParameters;
        string whole = unchanged * 2 > standard.Parameters
            ? Invariant($" The whole network shrinks less, from {standard.Parameters:N0} to {separable.Parameters:N0} parameters: ")
                + Invariant($"{unchanged:N0} are in its dense layers, which stay.")
            : Invariant($" The whole network goes from {standard.Parameters:N0} to {separable.Parameters:N0} parameters.");
        return Invariant($"Made separable, the convolutions need {separable.ConvolutionParameters:N0} parameters instead of ")
            + Invariant($"{standard.ConvolutionParameters:N0} ({Times(standard.ConvolutionParameters, separable.ConvolutionParameters)} fewer) and ")
            + Invariant($"{separable.ConvolutionMacs:N0} multiply-adds an image instead of {standard.ConvolutionMacs:N0} ")
            + Invariant($"({Times(standard.ConvolutionMacs, separable.ConvolutionMacs)} fewer).{whole}");
    }

    private static string Accuracy(NetworkResult standard, NetworkResult separable, int testImages)
    {
        double lost = standard.TestAccuracy - separable.TestAccuracy;
        long images = (long)Math.Round(Math.Abs(lost) * testImages);
        string figures = Invariant($"{Percent(standard.TestAccuracy)} to {Percent(separable.TestAccuracy)} of the test images");
        return images == 0
            ? Invariant($"Separability cost no accuracy: both get {Percent(standard.TestAccuracy)} of the test images right.")
            : lost > 0
                ? Invariant($"Separability cost accuracy: from {figures}, {images:N0} more mistakes in {testImages:N0}.")
                : Invariant($"Separability cost no accuracy: from {figures}, {images:N0} fewer mistakes in {testImages:N0}.");
    }

    /// <summary>Mobile differs from separable in the first layer alone, so it shows what that layer costs.</summary>
    private static string FirstLayer(NetworkResult standard, NetworkResult separable, NetworkResult mobile, DataDescription data)
    {
        double lost = standard.TestAccuracy - separable.TestAccuracy;
        double regained = mobile.TestAccuracy - separable.TestAccuracy;
        int channels = data.ImageShape[^1];
        string why = channels == 1
            ? "its images have a single channel, so the depthwise step is one 3×3 filter and every map a multiple of what it sees"
            : Invariant($"its images have {channels} channels, so the depthwise step is no more than {channels} filters");
        string price = Invariant($"{Signed(mobile.ConvolutionParameters - separable.ConvolutionParameters)} parameters");
        string accuracy = Percent(mobile.TestAccuracy);
        return (lost > 0, regained > 0) switch
        {
            (true, true) when regained * 2 >= lost =>
                Invariant($"The first layer is what costs it: {why}. With a standard first convolution, as MobileNet has it ")
                + Invariant($"(mobile, {price}), accuracy is {accuracy}."),
            (true, true) =>
                Invariant($"The first layer is part of the cost: {why}. With a standard first convolution, as MobileNet has it ")
                + Invariant($"(mobile, {price}), accuracy is {accuracy}."),
            (_, true) =>
                Invariant($"A standard first convolution, as MobileNet has it (mobile, {price}), makes it {accuracy}: {why}."),
            _ =>
                Invariant($"The first layer is the narrow place, since {why}; yet a standard first convolution, as MobileNet has it ")
                + Invariant($"(mobile, {price}), did not help in this run: {accuracy}."),
        };
    }

    private static string Depth(NetworkResult standard, NetworkResult deeper)
    {
        double gained = deeper.TestAccuracy - standard.TestAccuracy;
        string outcome = gained switch
        {
            > 0 => Invariant($"more than standard's {Percent(standard.TestAccuracy)}"),
            < 0 => Invariant($"still less than standard's {Percent(standard.TestAccuracy)}"),
            _ => "as much as standard",
        };
        return Invariant($"Spent on more separable layers (deeper), {deeper.ConvolutionParameters:N0} of the {standard.ConvolutionParameters:N0} ")
            + Invariant($"convolution parameters give {Percent(deeper.TestAccuracy)}, {outcome}; it trains ")
            + Invariant($"{Compared(deeper.TrainSeconds, standard.TrainSeconds)} standard.");
    }

    private static string Time(NetworkResult standard, NetworkResult separable)
    {
        bool trains = Faster(separable.TrainSeconds, standard.TrainSeconds);
        bool runs = Faster(separable.LatencyMs, standard.LatencyMs);
        string moral = (trains, runs) switch
        {
            (true, true) => "less is gained than the multiply-adds suggest",
            (false, false) => "fewer multiply-adds did not make it faster here",
            (false, true) => "fewer multiply-adds did not make training faster here",
            (true, false) => "fewer multiply-adds did not make a single image faster here",
        };
        double macs = (double)separable.ConvolutionMacs / standard.ConvolutionMacs;
        bool asSuggested = separable.TrainSeconds / standard.TrainSeconds <= macs && separable.LatencyMs / standard.LatencyMs <= macs;
        string reason = asSuggested
            ? "as the multiply-adds suggest"
            : $"{moral}, since separable layers move as much data for less arithmetic";
        return Invariant($"It trains {Compared(separable.TrainSeconds, standard.TrainSeconds)} standard ")
            + Invariant($"({separable.TrainSeconds:0.0} s against {standard.TrainSeconds:0.0} s) and classifies a single image ")
            + Invariant($"{Compared(separable.LatencyMs, standard.LatencyMs)} standard ({ComparisonTables.Latency(separable.LatencyMs)} ")
            + Invariant($"against {ComparisonTables.Latency(standard.LatencyMs)}): {reason}.");
    }

    private static string Caution(ComparisonResult result, NetworkResult standard)
    {
        // Two standard errors of the difference of two shares of so many images.
        double share = Math.Clamp(standard.TestAccuracy, 0, 1);
        double noise = 2 * Math.Sqrt(2 * share * (1 - share) / result.Data.TestImages);
        string missing = result.Complete ? string.Empty : " The run was interrupted: networks are missing.";
        return Invariant($"This is one run with one seed: differences below about {Math.Max(noise * 100, 0.01):0.0#} points of accuracy may be ")
            + $"chance.{missing}";
    }

    /// <summary>Training takes minutes, one network after the other, so that another program can spoil the times of some.</summary>
    private static string Busy(ComparisonResult result)
    {
        foreach (NetworkResult network in result.Networks)
        {
            double least = network.Epochs.Min(row => row.Seconds);
            double most = network.Epochs.Max(row => row.Seconds);
            if (most > least * BusyRatio && most - least > BusySeconds)
            {
                return Invariant($"Epochs of the {network.Name} network took between {least:0.0} s and {most:0.0} s, though they do the same work: ")
                    + "the machine was busy with something else, and the training times are not to be relied on.";
            }
        }

        return string.Empty;
    }

    private static bool Faster(double time, double reference) => time < reference * (1 - SameTime);

    /// <summary>A time against another, the ratio always above one.</summary>
    private static string Compared(double time, double reference) => (time / reference) switch
    {
        < 1 - SameTime => Invariant($"{reference / time:0.00} times faster than"),
        > 1 + SameTime => Invariant($"{time / reference:0.00} times slower than"),
        _ => "about as fast as",
    };

    private static string Times(long more, long fewer) => Invariant($"{(double)more / fewer:0.0} times");

    private static string Difference(NetworkResult network, NetworkResult reference)
    {
        double points = 100 * (network.TestAccuracy - reference.TestAccuracy);
        return Math.Abs(points) < 0.005 ? "the same as" : Invariant($"{Math.Abs(points):0.00} points {(points < 0 ? "below" : "above")}");
    }

    private static string Signed(long count) => Invariant($"{(count < 0 ? "−" : "+")}{Math.Abs(count):N0}");

    private static string Percent(double share) => Invariant($"{100 * share:0.00} %");
}
