
namespace Sepal.Onnx.Import;

/// <summary>
/// A shape or an attribute depends on a value that is known only when the model is run. A session then imports again with
/// the values that it is given.
/// </summary>
#pragma warning disable CA1032 // Made by the importer alone, always with a value's name.
internal sealed class NeedsValueException(string message) : SepalException(message);
#pragma warning restore CA1032
