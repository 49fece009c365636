using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Sepal.Cli.Framework;
using Sepal.Inference;
using Sepal.Onnx;

namespace Sepal.Cli.Classification;

/// <summary>The options that say how images are prepared and what classes are called, where a model's metadata do not.</summary>
internal sealed class ImageOptions
{
    private readonly Option<Size2D> _size = SizeParsers.Size("--size", "The height and width of images for the model.");

    private readonly Option<int?> _resize = OptionParsers.Create(
        "--resize",
        "Keep proportions: resize the shorter side to N, then cut out the middle. Stretched where not given.",
        "N",
        "a whole number of at least 1",
        (string text, out int? value) =>
        {
            bool known = OptionParsers.TryWholeNumber(text, 1, int.MaxValue, out int number);
            value = number;
            return known;
        });

    private readonly Option<ImageChannels?> _channels = OptionParsers.Create(
        "--channels", "The order of the channels.", "rgb|bgr|grey", "rgb, bgr or grey", (string text, out ImageChannels? value) =>
        {
            (bool known, value) = text.ToLowerInvariant() switch
            {
                "rgb" => (true, ImageChannels.Rgb),
                "bgr" => (true, ImageChannels.Bgr),
                "grey" or "gray" => (true, ImageChannels.Grey),
                _ => (false, (ImageChannels?)null),
            };
            return known;
        });

    private readonly Option<float?> _scale = OptionParsers.Create(
        "--scale", "The factor for bytes; 1/255 where nothing is known.", "X", "a number, or a fraction such as 1/255", (string text, out float? value) =>
        {
            value = Fraction(text);
            return value is not null;
        });

    private readonly Option<ImmutableArray<float>?> _mean = Numbers("--mean", "Subtracted after scaling: a number a channel.");
    private readonly Option<ImmutableArray<float>?> _deviation = Numbers("--std", "Divided by after that: a number a channel.");
    private readonly Option<bool> _imageNet = new("--imagenet")
    {
        Description = "Prepare images as torchvision's models expect: shorter side 256, middle 224, ImageNet's mean and deviation.",
    };

    private readonly Option<string> _classes = new("--classes")
    {
        Description = "A text file with the name of a class on each line.",
        HelpName = "FILE",
    };

    /// <summary>The options, to be added to a verb.</summary>
    public ImmutableArray<Option> All => [_size, _resize, _channels, _scale, _mean, _deviation, _imageNet, _classes];

    /// <summary>Those that say how pictures are prepared for a model whose size is known, to be added to a verb that trains.</summary>
    public ImmutableArray<Option> Preparation => [_resize, _channels, _scale, _mean, _deviation];

    /// <summary>How pictures are prepared for training: as a file's metadata and the options say; bytes become 0 to 1 otherwise.</summary>
    /// <param name="known">What a file says; null where there is none.</param>
    /// <param name="input">Height, width and channels of the model's input.</param>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The preparation, with the size.</returns>
    /// <exception cref="UsageException">The channels do not fit.</exception>
    public ImagePreprocessing ForTraining(ImagePreprocessing? known, ImmutableArray<int> input, ParseResult arguments)
    {
        bool isGrey = input[2] == 1;
        known = (known ?? new ImagePreprocessing { Channels = isGrey ? ImageChannels.Grey : ImageChannels.Rgb }) with { Size = (input[0], input[1]) };
        ImagePreprocessing preprocessing = Apply(known, arguments);
        return (preprocessing.Channels == ImageChannels.Grey) == isGrey
            ? preprocessing
            : throw UsageException.ForOption(
                "--channels", $"{preprocessing.Channels}".ToLowerInvariant(), $"{(isGrey ? "grey" : "rgb or bgr")} for an input of {input[2]} {(isGrey ? "channel" : "channels")}");
    }

    /// <summary>Says how pictures are prepared.</summary>
    /// <param name="preprocessing">The preparation.</param>
    /// <returns>A line, for reports.</returns>
    public static string Describe(ImagePreprocessing preprocessing)
    {
        double inverse = Math.Round(1 / (double)preprocessing.Scale);
        string scale = preprocessing.Scale == (float)(1 / inverse) && inverse > 1 ? $"{inverse}" : $"1/({preprocessing.Scale})";
        string fit = preprocessing.ShorterSide is { } side ? $"shorter side {side}, middle {preprocessing.Size}" : $"stretched to {preprocessing.Size}";
        string mean = preprocessing.Mean.IsEmpty ? string.Empty : $", mean {string.Join(' ', preprocessing.Mean)}";
        string deviation = preprocessing.StandardDeviation.IsEmpty ? string.Empty : $", deviation {string.Join(' ', preprocessing.StandardDeviation)}";
        return $"{preprocessing.Channels.ToString().ToLowerInvariant()}, {fit}, bytes divided by {scale}{mean}{deviation}";
    }

    /// <summary>Makes a classifier as the options, and where they are silent the model's metadata, say.</summary>
    /// <param name="session">The model.</param>
    /// <param name="arguments">The parsed options.</param>
    /// <param name="batchSize">How many images are run at once, if the model leaves that open.</param>
    /// <param name="classNames">Names from elsewhere, where neither options nor metadata have any.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="SepalException">The model does not classify images, or not such images.</exception>
    public ImageClassifier Classifier(InferenceSession session, ParseResult arguments, int batchSize, ImmutableArray<string>? classNames = null)
    {
        ImmutableArray<string> names = arguments.GetValue(_classes) is { } file ? ReadNames(file)
            : session.Metadata.ClassNames.IsEmpty ? classNames ?? []
            : session.Metadata.ClassNames;
        return new ImageClassifier(session, new ImageInput(session, Preprocessing(session, arguments)), names, batchSize);
    }

    private static Option<ImmutableArray<float>?> Numbers(string name, string description) => OptionParsers.Create(
        name, description, "X,X,X", "one or three numbers such as 0.485,0.456,0.406", (string text, out ImmutableArray<float>? value) =>
        {
            float?[] numbers = [.. text.Split(',').Select(Fraction)];
            value = numbers.All(number => number is not null) && numbers.Length is 1 or 3
                ? [.. numbers.Select(number => number!.Value)]
                : null;
            return value is not null;
        });

    private static float? Fraction(string text)
    {
        string[] parts = text.Split('/');
        var numbers = new float[parts.Length];
        for (int index = 0; index < parts.Length; index++)
        {
            if (!float.TryParse(parts[index], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[index]))
            {
                return null;
            }
        }

        float value = numbers switch { [var whole] => whole, [var above, var below] => above / below, _ => float.NaN };
        return float.IsFinite(value) ? value : null;
    }

    private static ImmutableArray<string> ReadNames(string path) => [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];

    private ImagePreprocessing? Preprocessing(InferenceSession session, ParseResult arguments)
    {
        ImagePreprocessing? known = arguments.GetValue(_imageNet) ? ImagePreprocessing.ImageNet : session.Metadata.Preprocessing;
        if (known is null && new Option[] { _size, _resize, _channels, _scale, _mean, _deviation }.All(option => arguments.GetResult(option) is null))
        {
            return null;
        }

        bool isGrey = session.Inputs is [{ Shape: { Rank: 4 } shape }] && (shape[1] == 1 || (shape[1] != 3 && shape[3] == 1));
        known ??= new ImagePreprocessing { Channels = isGrey ? ImageChannels.Grey : ImageChannels.Rgb };
        return Apply(arguments.GetResult(_size) is null ? known : known with { Size = arguments.GetValue(_size) }, arguments);
    }

    private ImagePreprocessing Apply(ImagePreprocessing known, ParseResult arguments)
    {
        ImageChannels order = arguments.GetValue(_channels) ?? known.Channels;
        return known with
        {
            ShorterSide = arguments.GetValue(_resize) ?? known.ShorterSide,
            Channels = order,
            Scale = arguments.GetValue(_scale) ?? known.Scale,
            Mean = ForEach(arguments.GetValue(_mean), order, "--mean") ?? known.Mean,
            StandardDeviation = ForEach(arguments.GetValue(_deviation), order, "--std") ?? known.StandardDeviation,
        };
    }

    /// <summary>One number stands for every channel.</summary>
    private static ImmutableArray<float>? ForEach(ImmutableArray<float>? numbers, ImageChannels order, string option)
    {
        int channels = order == ImageChannels.Grey ? 1 : 3;
        return numbers is not { } given || given.Length == channels ? numbers
            : given.Length == 1 ? [given[0], given[0], given[0]]
            : throw UsageException.ForOption(option, string.Join(',', given), "one number for grey images");
    }
}
