using System.Collections.Immutable;
using System.Globalization;

namespace Sepal.Architectures;

/// <summary>The architectures by name.</summary>
internal static class Catalogue
{
    private static readonly ImmutableArray<Family> Families =
    [
        new("mobilenet-v1", () => new MobileNetV1(), HasWidths: true),
        new("mobilenet-v2", () => new MobileNetV2(), HasWidths: true),
        new("mobilenet-small", () => new MobileNetSmall(), HasWidths: true),
        new("mobilenet-v3-small", () => new MobileNetV3Small(), HasWidths: true),
        new("mobilenet-v3-large", () => new MobileNetV3Large(), HasWidths: true),
        new("efficientnet-b0", () => new EfficientNetB0(), HasWidths: false),
        new("mnasnet", () => new MnasNet(), HasWidths: true),
        new("shufflenet-v2", () => new ShuffleNetV2(), HasWidths: true),
        new("xception", () => new Xception(), HasWidths: false),
        new("resnet18", () => new ResNet18(), HasWidths: true),
        new("vgg11", () => new Vgg { Depth = 11 }, HasWidths: true),
        new("vgg13", () => new Vgg { Depth = 13 }, HasWidths: true),
        new("vgg16", () => new Vgg { Depth = 16 }, HasWidths: true),
        new("vgg19", () => new Vgg { Depth = 19 }, HasWidths: true),
    ];

    /// <summary>The published networks.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "mobilenet-v1",
        "mobilenet-v1-0.25",
        "mobilenet-v2",
        "mobilenet-small",
        "mobilenet-v3-small",
        "mobilenet-v3-large",
        "efficientnet-b0",
        "mnasnet-1.0",
        "shufflenet-v2-1.0",
        "xception",
        "resnet18",
        "vgg13",
    ];

    /// <summary>The architecture of a name, or null.</summary>
    public static Architecture? Find(string name)
    {
        foreach (Family family in Families)
        {
            if (string.Equals(name, family.Name, StringComparison.OrdinalIgnoreCase))
            {
                return family.Create();
            }

            if (family.HasWidths
                && name.Length > family.Name.Length
                && name[family.Name.Length] == '-'
                && name.StartsWith(family.Name, StringComparison.OrdinalIgnoreCase)
                && WidthOf(name.AsSpan(family.Name.Length + 1)) is { } width)
            {
                return family.Create() with { Width = width };
            }
        }

        return null;
    }

    /// <summary>The message for a name that nothing has.</summary>
    public static string Unknown(string name) =>
        $"There is no architecture '{name}'.{Suggestion.For(name, Names)} There are {string.Join(", ", Names)}; "
        + "with other widths, such as mobilenet-v2-1.4, but for EfficientNet and Xception; and vgg11, vgg16 and vgg19.";

    private static double? WidthOf(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double width)
        && width > 0 && double.IsFinite(width) ? width : null;

    /// <summary>Architectures that differ in their width alone.</summary>
    private sealed record Family(string Name, Func<Architecture> Create, bool HasWidths);
}
