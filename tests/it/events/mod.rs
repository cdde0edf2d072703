mod slugs;
