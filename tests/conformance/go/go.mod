module conformance

go 1.24

require usher v0.0.0

// `usher plugin build` writes it.
replace usher => ./build/sdk
