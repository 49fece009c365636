using System.Collections.Immutable;
using Sepal.Architectures;
using Sepal.Cli.Framework;
using Sepal.Cli.Models;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx;

namespace Sepal.Cli.Training;

/// <summary>What <c>--model</c> names, and what it says of the images it takes.</summary>
internal sealed class ModelChoice
{
    private readonly ModelSource _source;

    private ModelChoice(ModelSource source)
    {
        _source = source;
        if (source.IsFile)
        {
            using var session = new InferenceSession(source.Text, new SessionOptions { Threads = 1, MaximumConcurrentRuns = 1 });
            Metadata = session.Metadata;
            InputShape = ShapeOf(session);
        }
    }

    /// <summary>What was typed.</summary>
    public string Text => _source.Text;

    /// <summary>Whether it is a file.</summary>
    public bool IsFile => _source.IsFile;

    /// <summary>What the file says beside its graph; nothing for an architecture.</summary>
    public ModelMetadata Metadata { get; } = new();

    /// <summary>Height, width and channels that a file's input has; null for an architecture, and where a file leaves one open.</summary>
    public ImmutableArray<int>? InputShape { get; }

    /// <summary>Finds out what is meant.</summary>
    /// <param name="text">What was typed.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="SepalException">It is neither, or the file cannot be read.</exception>
    public static ModelChoice Resolve(string text) => new(ModelSource.Resolve(text));

    /// <summary>Makes an untrained network, or reads the file.</summary>
    /// <param name="input">Height, width and channels.</param>
    /// <param name="classNames">The classes.</param>
    /// <param name="settings">What is dropped before the classifier, whether it is a new one, and the seed of the first weights.</param>
    /// <returns>The model, with a score a class.</returns>
    /// <exception cref="SepalException">The options do not fit the model, or the file cannot be read.</exception>
    public Model Create(ImmutableArray<int> input, ImmutableArray<string> classNames, TrainingSettings settings)
    {
        if (!IsFile)
        {
            RequireNothingLearnt(settings);
            Model model = Architecture(input, classNames.Length, settings.Dropout).Build();
            model.Initialize(settings.Seed);
            return model;
        }

        if (settings.Dropout is { } share)
        {
            throw UsageException.ForOption("--dropout", $"{share}", "no such option for a file, whose layers are what they are");
        }

        Model file = OnnxModel.Import(Text);
        RequireInput(file, input);
        if (!settings.NewHead && Metadata.ClassNames.SequenceEqual(classNames, StringComparer.Ordinal) && file.Graph.Outputs is [{ Shape.Rank: 2 } output]
            && output.Shape[1] == classNames.Length)
        {
            return file;
        }

        using (file)
        {
            return file.ReplaceHead(classNames.Length, settings.Seed);
        }
    }

    /// <summary>Height, width and channels that a file takes. Files of other programs have channels first; an image has one or three of them.</summary>
    /// <param name="session">The file.</param>
    /// <returns>The three; null where the file leaves one open.</returns>
    public static ImmutableArray<int>? ShapeOf(InferenceSession session)
    {
        if (session.Inputs is not [{ IsRankKnown: true, Shape: { Rank: 4 } shape }] || shape.Skip(1).Any(extent => !extent.IsKnown))
        {
            return null;
        }

        int[] extents = [.. shape.Skip(1).Select(extent => checked((int)extent.Value))];
        return extents[0] is 1 or 3 ? [extents[1], extents[2], extents[0]] : [.. extents];
    }

    /// <summary>An architecture has nothing to keep.</summary>
    private static void RequireNothingLearnt(TrainingSettings settings)
    {
        const string Expected = "an ONNX file for --model: an architecture has learnt nothing yet that could be kept";
        if (settings.Freeze != "none")
        {
            throw UsageException.ForOption("--freeze", settings.Freeze, Expected);
        }

        if (settings.NewHead)
        {
            throw UsageException.ForOption("--new-head", "true", Expected);
        }
    }

    private static void RequireInput(Model model, ImmutableArray<int> input)
    {
        Shape shape = model.Graph.Inputs[0].Shape;
        Shape expected = [.. input.Select(extent => (Dimension)extent)];
        if (model.Graph.Inputs.Length != 1 || shape.Rank != 4 || !shape.WithoutBatch().Equals(expected))
        {
            throw UsageException.ForOption(
                "--input", string.Join('x', input), $"the size that the file's input has, {shape} (batch, height, width, channels)");
        }
    }

    /// <summary>Small images are halved less often than ImageNet's, so that the last feature maps are of a few pixels and not of one.</summary>
    private Architecture Architecture(ImmutableArray<int> input, int classes, double? dropout)
    {
        Architecture architecture = _source.WithOptions([.. input], classes);
        var image = new Size2D(input[0], input[1]);
        ImmutableArray<Size2D> strides = architecture switch
        {
            MobileNetSmall => MobileNetSmall.StridesFor(image),
            Vgg => Vgg.StridesFor(image),
            _ => StridesFor(image, architecture.Strides),
        };
        if (architecture is ResNet18 residual && strides[0] == 1)
        {
            architecture = residual with { StemKernelSize = 3 };
        }

        return architecture with
        {
            Strides = strides,

            // PyTorch's, rather than Keras's 0.99, which takes hundreds of steps to forget where it began: few images make few steps.
            BatchNormalizationMomentum = 0.9f,
            DropoutRate = (float)(dropout ?? architecture.DropoutRate),
        };
    }

    private static ImmutableArray<Size2D> StridesFor(Size2D image, ImmutableArray<Size2D> strides)
    {
        const double LastSide = 3;
        int halvings = Math.Clamp((int)Math.Log2(Math.Max(image.Height, image.Width) / LastSide), 1, strides.Length);
        return [.. strides.Select((stride, place) => place < strides.Length - halvings ? 1 : stride)];
    }
}
