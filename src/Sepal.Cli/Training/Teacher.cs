using System.Collections.Immutable;
using Sepal.Cli.Classification;
using Sepal.Cli.Framework;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Training;

namespace Sepal.Cli.Training;

/// <summary>What <c>--teacher</c> names, opened and found to fit.</summary>
internal sealed class Teacher : IDisposable
{
    private readonly InferenceSession _session;

    private Teacher(InferenceSession session, TrainingSettings settings)
    {
        _session = session;
        Distillation = new Distillation(session) { Temperature = settings.Temperature, Alpha = settings.Alpha };
    }

    /// <summary>How the network learns from it.</summary>
    public Distillation Distillation { get; }

    /// <summary>Opens a teacher.</summary>
    /// <param name="settings">Its file, and what enters the network that learns from it.</param>
    /// <param name="classNames">The classes of the pictures.</param>
    /// <param name="preprocessing">How the pictures are prepared.</param>
    /// <param name="threads">How many threads compute.</param>
    /// <returns>The teacher; null where there is none.</returns>
    /// <exception cref="SepalException">It cannot be read, or is for other pictures or classes.</exception>
    public static Teacher? Open(TrainingSettings settings, ImmutableArray<string> classNames, ImagePreprocessing preprocessing, int threads)
    {
        if (settings.Teacher is not { } path)
        {
            return null;
        }

        var session = new InferenceSession(path, new SessionOptions { Threads = threads });
        try
        {
            RequireFit(session, settings, classNames, preprocessing);
            return new Teacher(session, settings);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static void RequireFit(
        InferenceSession session, TrainingSettings settings, ImmutableArray<string> classNames, ImagePreprocessing preprocessing)
    {
        string teacher = settings.Teacher!;
        if (ModelChoice.ShapeOf(session) is { } input && !input.SequenceEqual(settings.Input))
        {
            throw UsageException.ForOption(
                "--teacher", teacher, $"one for images of {string.Join('x', settings.Input)}; this one takes {string.Join('x', input)}, which --input can be too");
        }

        ImmutableArray<string> names = session.Metadata.ClassNames;
        if (!names.IsEmpty && !names.SequenceEqual(classNames, StringComparer.Ordinal))
        {
            throw UsageException.ForOption(
                "--teacher", teacher, $"one of the data's classes in their order ({Some(classNames)}); this one tells apart {Some(names)}");
        }

        if (session.Outputs is [{ IsRankKnown: true } output] && output.Shape[^1] is { IsKnown: true } classes && classes.Value != classNames.Length)
        {
            throw UsageException.ForOption("--teacher", teacher, $"one of {classNames.Length} classes as the data; this one tells {classes.Value} apart");
        }

        if (session.Metadata.Preprocessing is { } own
            && ImageOptions.Describe(own with { Size = preprocessing.Size }) is var theirs
            && ImageOptions.Describe(preprocessing) is var ours
            && theirs != ours)
        {
            throw UsageException.ForOption(
                "--teacher", teacher, $"one for pictures prepared alike ({ours}); this one's are: {theirs}. --resize, --channels, --scale, --mean and --std make them alike");
        }
    }

    private static string Some(ImmutableArray<string> names)
    {
        const int Shown = 5;
        return string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? $", … ({names.Length})" : string.Empty);
    }
}
